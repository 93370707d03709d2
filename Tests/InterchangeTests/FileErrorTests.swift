import Interchange
import TestSupport
import Testing

@Suite("What file errors say")
struct FileErrorTests {
  @Test("path, place, reason")
  func description() {
    let reason = "\"abc\" is not a number"
    #expect("\(FileError(path: "a.csv", reason: "is empty"))" == "a.csv: is empty")
    #expect(
      "\(FileError(path: "a.csv", location: .line(3, column: 2), reason: reason))"
        == "a.csv: line 3, column 2: \"abc\" is not a number")
    #expect("\(FileError(path: "a.csv", location: .line(3, column: nil), reason: "x"))" == "a.csv: line 3: x")
    #expect("\(FileError(path: "a.npy", location: .byte(8), reason: "x"))" == "a.npy: byte 8: x")
  }

  @Test("one line, whatever the file holds")
  func oneLine() {
    let error = FileError(path: "a\nb", reason: "\u{1B}[2J\r\n\u{2028}ö".quotedFromFile)
    #expect("\(error)" == #"a\nb: "\u{1B}[2J\r\n\u{2028}ö""#)
    #expect(!"\(error)".unicodeScalars.contains("\u{1B}"))
    #expect(String(repeating: "a", count: 1000).quotedFromFile.count == 43)
  }
}
