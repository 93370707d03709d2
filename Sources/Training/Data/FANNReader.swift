import Interchange
import Tensors

/// The reading of training data in the text format of the FANN library.
///
///     4 2 1            the number of examples, of inputs and of outputs
///     0.5 -1           the inputs of the first example
///     1                its outputs, and so on
///
/// Blanks and line ends both separate numbers, as FANN reads them.
public enum FANN {
  /// Reads examples with values for targets.
  ///
  /// - Returns: inputs `[examples, inputs]` and target values `[examples, outputs]`.
  /// - Throws: ``FileError`` with the line if the file cannot be read, does not hold exactly the numbers it announces, or
  ///   a field is not a finite number. Files compressed by gzip are read too.
  public static func read(_ path: String) throws -> Examples {
    var words = NumberWords(bytes: try GzipFile.contents(of: path), path: path)
    let sizes = try (0..<3).map { _ in try words.count() }
    let (count, inputs, outputs) = (sizes[0], sizes[1], sizes[2])
    let width = inputs.addingReportingOverflow(outputs)
    let total = count.multipliedReportingOverflow(by: width.partialValue)
    // A number takes a digit and a blank.
    guard inputs > 0, outputs > 0, !width.overflow, !total.overflow, total.partialValue <= words.bytes.count
    else {
      throw words.error(
        "announces \(count) examples of \(inputs) inputs and \(outputs) outputs, more than it holds")
    }
    var (x, y): ([Float], [Float]) = ([], [])
    x.reserveCapacity(count * inputs)
    y.reserveCapacity(count * outputs)
    for _ in 0..<count {
      for _ in 0..<inputs { x.append(try words.number()) }
      for _ in 0..<outputs { y.append(try words.number()) }
    }
    guard words.isAtEnd else {
      throw words.error("holds more numbers than the \(count) examples that it announces")
    }
    return try Examples(
      inputs: Tensor(x, shape: [count, inputs]), targets: .values(Tensor(y, shape: [count, outputs])))
  }
}

/// The numbers of a text, one after the other, whatever blanks and line ends are between them.
private struct NumberWords {
  let bytes: [UInt8]
  let path: String
  private var position = 0
  private var line = 1

  init(bytes: [UInt8], path: String) { (self.bytes, self.path) = (bytes, path) }

  func error(_ reason: String) -> FileError {
    FileError(path: path, location: .line(line, column: nil), reason: reason)
  }

  /// Whether nothing but blanks is left.
  var isAtEnd: Bool {
    mutating get {
      while position < bytes.count, bytes[position].isBlank || 10...13 ~= bytes[position] {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
      return position == bytes.count
    }
  }

  mutating func number() throws -> Float {
    guard !isAtEnd else { throw error("ends before all the numbers that it announces") }
    let start = position
    let value = bytes.withUnsafeBufferPointer { DecimalNumber.scan($0, from: &position) }
    let isWhole = position == bytes.count || bytes[position].isBlank || 10...13 ~= bytes[position]
    guard let value, isWhole else {
      let word = bytes[start...].prefix { !$0.isBlank && !(10...13 ~= $0) }
      throw error("\(String(decoding: word, as: UTF8.self).quotedFromFile) is not a finite number")
    }
    return value
  }

  /// A whole number from 0.
  mutating func count() throws -> Int {
    let value = try number()
    guard value >= 0, value < 0x1p24, let count = Int(exactly: value) else {
      throw error("\(value) is not a number of examples, inputs or outputs")
    }
    return count
  }
}
