import Interchange

/// A field of a CSV file without its quotation marks.
struct CSVField {
  let text: [UInt8]

  /// The text without blanks around it.
  private var trimmed: ArraySlice<UInt8> {
    let start = text.firstIndex { !$0.isBlank } ?? text.endIndex
    let end = text.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? text.endIndex
    return text[start..<end]
  }

  /// The text without blanks around it; `nil` where a value is missing: nothing, `?`, `NA`, `N/A`, `null` or `NaN`.
  var word: String? {
    let word = String(decoding: trimmed, as: UTF8.self)
    return ["", "?", "na", "n/a", "null", "nan"].contains(word.lowercased()) ? nil : word
  }

  /// The finite number that the field is.
  var number: Float? {
    trimmed.withUnsafeBufferPointer { bytes in
      var end = 0
      let value = DecimalNumber.scan(bytes, from: &end)
      return end == bytes.count ? value : nil
    }
  }

  /// Whether nobody could mean a number by this field, not even a missing one.
  var isWord: Bool {
    let word = String(decoding: trimmed, as: UTF8.self).lowercased()
    return number == nil && !word.isEmpty && word != "na" && word != "null" && Double(word) == nil
  }

  /// Why the field is not a finite number.
  var fault: String {
    let word = String(decoding: trimmed, as: UTF8.self)
    if word.isEmpty { return "an empty field is not a number" }
    // `Double` also reads NaN, infinities and hexadecimal digits.
    guard let value = Double(word) else { return "\(word.quotedFromFile) is not a number" }
    guard value.isFinite else { return "\(word.quotedFromFile) is not a finite number" }
    return Float(value).isFinite
      ? "\(word.quotedFromFile) is not a decimal number"
      : "\(word.quotedFromFile) is beyond the range of Float"
  }
}

extension UInt8 {
  /// Whether this is a space or a tab.
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
