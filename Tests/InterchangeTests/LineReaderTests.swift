import Interchange
import TestSupport
import Testing

@Suite struct LineReaderTests {
  private func lines(_ path: String) throws -> [String] {
    var reader = try LineReader(path)
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line) }
    #expect(reader.line == lines.count)
    #expect(try reader.next() == nil)
    return lines
  }

  @Test func everyLineOnce() throws {
    let folder = try TemporaryFolder()
    for (text, expected) in [
      ("a\nb\n", ["a", "b"]), ("a\r\n\r\nb", ["a", "", "b"]), ("", []), ("\n", [""]), ("häuser", ["häuser"]),
    ] {
      #expect(try lines(folder.file("file", text)) == expected)
    }
    // Longer than what is read at a time, with a line across the edge.
    let long = (0..<40_000).map { "line \($0) of many" }
    #expect(try lines(folder.file("long", long.joined(separator: "\n"))) == long)
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let folder = try TemporaryFolder()
    #expect(message { _ = try LineReader(folder.path(of: "none")) }.contains("no such file"))
    #expect(message { _ = try lines(folder.path) }.contains("is a folder"))
    let path = try folder.file("bad", [0x61, 0x0A, 0xFF, 0x0A])
    #expect(message { _ = try lines(path) } == "\(path): line 2: is not text in UTF-8")
  }
}
