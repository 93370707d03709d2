import Interchange
import Tensors

extension CSV {
  /// Reads the bytes of a file.
  static func parse(_ bytes: [UInt8], path: String, separator: Separator, hasHeader: Bool?) throws -> Table {
    try bytes.withUnsafeBufferPointer { bytes in
      var parser = try CSVParser(bytes: bytes, separator: separator.rawValue, path: path)
      let header = try parser.header(expected: hasHeader)
      let firstLine = parser.line
      let (values, columns) = try parser.rows(columns: header?.count)
      guard let shape = Shape(exactly: [columns == 0 ? 0 : values.count / columns, columns]), shape.count > 0
      else {
        throw FileError(path: path, reason: header == nil ? "is empty" : "holds no row after its header")
      }
      return try Table(header: header, values: Tensor(values, shape: shape), firstLine: firstLine)
    }
  }
}

extension CSV {
  /// The header and the fields, row by row, of the bytes of a file.
  static func parseFields(_ bytes: [UInt8], path: String, separator: Separator, hasHeader: Bool?) throws -> (
    header: [String]?, rows: [[CSVField]]
  ) {
    try bytes.withUnsafeBufferPointer { bytes in
      var parser = try CSVParser(bytes: bytes, separator: separator.rawValue, path: path)
      let header = try parser.header(expected: hasHeader)
      let rows = try parser.fieldRows(columns: header?.count)
      guard !rows.isEmpty else {
        throw FileError(path: path, reason: header == nil ? "is empty" : "holds no row after its header")
      }
      return (header, rows)
    }
  }
}

/// A walk over the fields of a CSV file.
///
/// Almost all fields are plain numbers, which are read in one pass over their bytes; the rest become a
/// ``CSVField``.
private struct CSVParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let separator: UInt8
  let path: String

  private var position = 0

  /// The line at hand, counted from 1.
  private(set) var line = 1

  init(bytes: UnsafeBufferPointer<UInt8>, separator: UInt8, path: String) throws {
    (self.bytes, self.separator, self.path) = (bytes, separator, path)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw FileError(path: path, reason: "is text in UTF-16; expected UTF-8")
    }
  }

  /// The first line, read if it is a header.
  mutating func header(expected: Bool?) throws -> [String]? {
    guard expected != false, !isOnlyBlank(from: position) else { return nil }
    var ahead = self
    var fields: [CSVField] = []
    repeat { try fields.append(ahead.field(column: fields.count + 1)) } while ahead.takeSeparator()
    if expected == nil {
      guard fields.contains(where: \.isWord), !fields.contains(where: { $0.number != nil }) else {
        return nil
      }
    }
    ahead.takeLineEnd()
    self = ahead
    return fields.map { String(decoding: $0.text, as: UTF8.self) }
  }

  /// All rows that are left as numbers, each of as many columns as the header or the first of them.
  mutating func rows(columns: Int?) throws -> (values: [Float], columns: Int) {
    var values: [Float] = []
    let columns = try forEachField(columns: columns) { parser, column in
      try values.append(parser.number(column: column))
    }
    return (values, columns)
  }

  /// All rows that are left as fields, each of as many columns as the header or the first of them.
  mutating func fieldRows(columns: Int?) throws -> [[CSVField]] {
    var rows: [[CSVField]] = []
    _ = try forEachField(columns: columns) { parser, column in
      let field = try parser.field(column: column)
      if column == 1 { rows.append([field]) } else { rows[rows.count - 1].append(field) }
    }
    return rows
  }

  /// Calls `body` at each field, counted from 1 in its row, which it has to read; the number of columns.
  @inline(__always)
  private mutating func forEachField(
    columns: Int?, _ body: (inout CSVParser, _ column: Int) throws -> Void
  ) throws -> Int {
    var columns = columns
    while !isOnlyBlank(from: position) {
      var count = 0
      repeat {
        count += 1
        try body(&self, count)
      } while takeSeparator()
      guard count == columns ?? count else {
        throw error(column: nil, "has \(Self.name(count)); expected \(columns ?? count)")
      }
      columns = count
      takeLineEnd()
    }
    return columns ?? 0
  }

  fileprivate mutating func number(column: Int) throws -> Float {
    var end = position
    if let value = DecimalNumber.scan(bytes, from: &end), isFieldEnd(end) {
      position = end
      return value
    }
    let start = line
    let field = try field(column: column)
    guard let value = field.number else {
      line = start
      let hint = line == 1 && field.isWord ? "; is line 1 a header?" : ""
      throw error(column: column, field.fault + hint)
    }
    return value
  }

  /// The field at hand, past which the position then is.
  fileprivate mutating func field(column: Int) throws -> CSVField {
    let start = line
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let begin = position
      while !isFieldEnd(position) { position += 1 }
      return CSVField(text: Array(bytes[begin..<position]))
    }
    var text: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < bytes.count, bytes[position] == byte else {
          guard isFieldEnd(position) else {
            throw error(column: column, "there is more after a closing quotation mark")
          }
          return CSVField(text: text)
        }
        position += 1
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      text.append(byte)
    }
    line = start
    throw error(column: column, "a quotation mark is not closed")
  }

  @inline(__always)
  private func isFieldEnd(_ index: Int) -> Bool {
    guard index < bytes.count else { return true }
    let byte = bytes[index]
    return byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  @inline(__always)
  private mutating func takeSeparator() -> Bool {
    guard position < bytes.count, bytes[position] == separator else { return false }
    position += 1
    return true
  }

  private mutating func takeLineEnd() {
    if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    line += 1
  }

  /// Whether nothing but line ends and blanks follows.
  private func isOnlyBlank(from start: Int) -> Bool {
    for index in start..<bytes.count where !bytes[index].isBlank && !(10...13 ~= bytes[index]) {
      return false
    }
    return true
  }

  private func error(column: Int?, _ reason: String) -> FileError {
    FileError(path: path, location: .line(line, column: column), reason: reason)
  }

  private static func name(_ columns: Int) -> String { columns == 1 ? "1 column" : "\(columns) columns" }
}
