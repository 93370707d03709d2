import Tensors

/// The dictionary at the start of an npy file: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYHeader {
  let format: NumberFormat
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: Shape

  init(_ text: ArraySlice<UInt8>, path: String) throws {
    func error(_ reason: String) -> FileError {
      FileError(path: path, location: .byte(text.startIndex), reason: reason)
    }
    var scanner = PythonScanner(rest: text)
    guard let fields = scanner.dictionary(), scanner.isAtEnd else {
      throw error("the header is not the dictionary of an npy file")
    }
    guard case .text(let type) = fields["descr"],
      case .truth(let isFortranOrder) = fields["fortran_order"],
      case .sizes(let sizes) = fields["shape"], fields.count == 3
    else {
      throw error("the header does not give descr (a simple type), fortran_order and shape")
    }
    guard let format = NumberFormat(npy: type.dropFirst()), let order = type.first, "<>|=".contains(order)
    else {
      throw error("dtype \(type.quotedFromFile) is not a real number of 2, 4 or 8 bytes, an integer or bool")
    }
    guard sizes.count <= Shape.maximumRank else {
      throw error("has \(sizes.count) axes, more than \(Shape.maximumRank)")
    }
    guard let shape = Shape(exactly: sizes) else { throw error("no array has the shape \(sizes)") }
    (self.format, isBigEndian) = (format, order == ">")
    (self.isFortranOrder, self.shape) = (isFortranOrder, shape)
  }
}

/// A reader of the few Python literals that headers hold. Every method returns `nil` for other text.
private struct PythonScanner {
  enum Value {
    case text(String)
    case truth(Bool)
    case sizes([Int])
  }

  var rest: ArraySlice<UInt8>

  /// Whether only blanks are left.
  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return rest.isEmpty
    }
  }

  /// A dictionary without repeated keys.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var fields: [String: Value] = [:]
    while !take("}") {
      guard let key = text(), fields[key] == nil, take(":"), let value = value() else { return nil }
      fields[key] = value
      guard take(",") || next == UInt8(ascii: "}") else { return nil }
    }
    return fields
  }

  private mutating func value() -> Value? {
    if take("True") { return .truth(true) }
    if take("False") { return .truth(false) }
    return next == UInt8(ascii: "(") ? sizes().map(Value.sizes) : text().map(Value.text)
  }

  private mutating func text() -> String? {
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    rest.removeFirst()
    guard let end = rest.firstIndex(of: quote) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end].contains(UInt8(ascii: "\\")) ? nil : String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func sizes() -> [Int]? {
    guard take("(") else { return nil }
    var sizes: [Int] = []
    while !take(")") {
      guard next != nil else { return nil }
      let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      guard let size = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      rest = rest[digits.endIndex...]
      // Python 2 wrote 3 as 3L.
      _ = take("L")
      sizes.append(size)
      guard take(",") || (sizes.count > 1 && next == UInt8(ascii: ")")) else { return nil }
    }
    return sizes
  }

  /// The next character that is not a blank.
  private var next: UInt8? {
    mutating get {
      skipBlanks()
      return rest.first
    }
  }

  private mutating func take(_ word: StaticString) -> Bool {
    skipBlanks()
    return word.withUTF8Buffer { word in
      guard rest.starts(with: word) else { return false }
      rest = rest.dropFirst(word.count)
      return true
    }
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") }
  }
}

extension NumberFormat {
  fileprivate init?(npy code: Substring) {
    switch code {
    case "b1", "?": self = .bool
    case "i1": self = .int8
    case "u1": self = .uint8
    case "i2": self = .int16
    case "u2": self = .uint16
    case "i4": self = .int32
    case "u4": self = .uint32
    case "i8": self = .int64
    case "u8": self = .uint64
    case "f2": self = .float16
    case "f4": self = .float32
    case "f8": self = .float64
    default: return nil
    }
  }
}
