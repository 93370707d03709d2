/// The lines of a text file one by one, in memory that does not grow with the file. A file compressed by gzip is read too.
///
///     var lines = try LineReader("corpus.txt.gz")
///     while let line = try lines.next() { … }
///
/// A copy reads on in the same file: hand one on rather than share it.
public struct LineReader: Sendable {
  /// The file.
  public let path: String

  /// The number of the line that was read last, counted from 1.
  public private(set) var line = 0

  private let file: OpenFile
  private var bytes: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// Longer lines are taken for a file that has none: 64 MiB.
  private static let longestLine = 1 << 26

  /// Opens a file.
  ///
  /// - Throws: ``FileError`` if it cannot be opened.
  public init(_ path: String) throws {
    self.path = path
    file = try OpenFile(path)
  }

  /// The next line in UTF-8, without its end; `nil` after the last.
  ///
  /// - Throws: ``FileError`` with the line if the file cannot be read on, or the line is not UTF-8.
  public mutating func next() throws -> String? {
    while true {
      if let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return try text(bytes[position..<end])
      }
      guard !isAtEnd else {
        guard position < bytes.count else { return nil }
        defer { position = bytes.count }
        return try text(bytes[position...])
      }
      bytes.removeSubrange(..<position)
      position = 0
      guard bytes.count <= Self.longestLine else {
        throw FileError(
          path: path, location: .line(line + 1, column: nil),
          reason: "is longer than \(Self.longestLine) bytes")
      }
      isAtEnd = try !file.read(into: &bytes)
    }
  }

  private mutating func text(_ bytes: ArraySlice<UInt8>) throws -> String {
    line += 1
    let own = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    guard let text = String(validating: own, as: UTF8.self) else {
      throw FileError(path: path, location: .line(line, column: nil), reason: "is not text in UTF-8")
    }
    return text
  }
}
