import Interchange
import Tensors
import TestSupport
import Testing
import Training

@Suite("CSV files read")
struct CSVReaderTests {
  private func read(_ text: String, separator: CSV.Separator = .comma, hasHeader: Bool? = nil) throws
    -> CSV.Table
  {
    let folder = try TemporaryFolder()
    return try CSV.read(folder.file("a", text.utf8), separator: separator, hasHeader: hasHeader)
  }

  /// What the error says after the path.
  private func fault(_ text: String, hasHeader: Bool? = nil) -> String {
    do {
      _ = try read(text, hasHeader: hasHeader)
      return ""
    } catch {
      #expect(error is FileError)
      return "\(error)".split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
    }
  }

  @Test("line ends, blanks, quotes, a byte order mark")
  func same() throws {
    for text in [
      "1,2\n3,-4.5\n", "1,2\n3,-4.5", "1,2\r\n3,-4.5\r\n", "1,2\r3,-4.5\r", "1,2\n3,-4.5\n\n\r\n  \n",
      "\u{FEFF}1,2\n3,-4.5", " 1 ,\t2\n3 , -4.5 \n", "\"1\",2\n\"3\",\" -4.5\"\n", "+1,2.\n3e0,-45E-1\n",
      "1.0,.2e1\n0.003e+3,-4.50000000000000000000000000\n",
    ] {
      let table = try read(text)
      #expect(table.values == (try Tensor([1, 2, 3, -4.5], shape: [2, 2])), "\(text.debugDescription)")
      #expect(table.header == nil, "\(text.debugDescription)")
    }
  }

  @Test("separators")
  func separators() throws {
    #expect(try read("1;2\n3;4", separator: .semicolon).values.array == [1, 2, 3, 4])
    #expect(try read("a\tb\n1\t2\n", separator: .tab).header == ["a", "b"])
    #expect(fault("1\n1;2\n") == "line 2, column 1: \"1;2\" is not a number")
  }

  @Test("headers")
  func headers() throws {
    let table = try read("\u{FEFF}width,\"a \"\"b\"\"\r\nc,\",ü\n1,2,3\n".replacing("c,\"", with: "c\""))
    #expect(table.header == ["width", "a \"b\"\r\nc", "ü"])
    #expect(table.values.shape == [1, 3])
    #expect(try read("1,2\n3,4\n", hasHeader: true).header == ["1", "2"])
    #expect(try read(",a\n3,4\n").header == ["", "a"])
    #expect(try read("1,2\n3,4\n", hasHeader: false).header == nil)
    #expect(fault("a,b\n1,2\n", hasHeader: false).hasPrefix("line 1, column 1: \"a\" is not a number"))
    // One misspelt number does not make a header.
    #expect(fault("1,b\n1,2\n") == "line 1, column 2: \"b\" is not a number; is line 1 a header?")
    #expect(fault("nan,nan\n1,2\n") == "line 1, column 1: \"nan\" is not a finite number")
  }

  @Test("bad rows, by line and column")
  func badRows() {
    #expect(fault("1,2\n3,abc\n") == "line 2, column 2: \"abc\" is not a number")
    #expect(fault("a,b\n\n1,2\n") == "line 2, column 1: an empty field is not a number")
    #expect(fault("1,2\n3\n") == "line 2: has 1 column; expected 2")
    #expect(fault("a,b\n1,2,3\n") == "line 2: has 3 columns; expected 2")
    #expect(fault("1,2\n3,\n") == "line 2, column 2: an empty field is not a number")
    #expect(fault("1,2\n3,4,\n") == "line 2, column 3: an empty field is not a number")
    #expect(fault("1,2\nnan,1\n") == "line 2, column 1: \"nan\" is not a finite number")
    #expect(fault("1,2\n1,-inf\n") == "line 2, column 2: \"-inf\" is not a finite number")
    #expect(fault("1,2\n1,1e39\n") == "line 2, column 2: \"1e39\" is beyond the range of Float")
    #expect(fault("1,2\n0x10,1\n") == "line 2, column 1: \"0x10\" is not a decimal number")
    #expect(fault("1,2\n1 2,1\n") == "line 2, column 1: \"1 2\" is not a number")
    #expect(fault("1,2\n3,\"4\n") == "line 2, column 2: a quotation mark is not closed")
    #expect(fault("1,2\n\"3\"x,4\n") == "line 2, column 1: there is more after a closing quotation mark")
    #expect(fault("1,2\n3,1e\n1") == "line 2, column 2: \"1e\" is not a number")
    #expect(fault("\"a\nb\",c\n1,2\n\"5\n\",x") == "line 4, column 1: \"5\\n\" is not a number")
    for text in [".", "-", "+", "e5", "1e+", "--1", "1.2.3", "1e5.0", "١"] {
      #expect(fault("1\n\(text)\n") == "line 2, column 1: \"\(text)\" is not a number")
    }
  }

  @Test("no rows, not a text")
  func empty() throws {
    #expect(fault("") == "is empty")
    #expect(fault("\n\n") == "is empty")
    #expect(fault("a,b\n") == "holds no row after its header")
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [0xFF, 0xFE, 0x31, 0])
    #expect(message { _ = try CSV.read(path) } == "\(path): is text in UTF-16; expected UTF-8")
    #expect(message { _ = try CSV.read(path + "none") } == "\(path)none: no such file")
  }

  @Test("examples")
  func examples() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", "x,y,z\n1,2,0\n3,4,2\n".utf8)
    let labelled = try CSV.examples(path, target: .label())
    #expect(labelled.inputs == (try Tensor([1, 2, 3, 4], shape: [2, 2])))
    #expect(labelled.targets == .labels([0, 2], classes: 3))
    #expect(try CSV.examples(path, target: .label(classes: 5)).targets == .labels([0, 2], classes: 5))
    #expect(try CSV.examples(path, target: .value).targets == .values(Tensor([0, 2], shape: [2, 1])))
    #expect(
      message { _ = try CSV.examples(path, target: .label(classes: 2)) }
        == "\(path): line 3, column 3: 2.0 is not a class label of 0..<2")
    let (half, single) = (try folder.file("b", "1,2\n1,0.5".utf8), try folder.file("c", "1\n2".utf8))
    #expect(message { _ = try CSV.examples(half, target: .label()) }.contains("line 2, column 2: 0.5 is not"))
    #expect(message { _ = try CSV.examples(single, target: .value) }.contains("has one column"))
  }

  @Test("thousands of damaged files: an error or a table")
  func fuzz() throws {
    let folder = try TemporaryFolder()
    let text = "width,\"a \"\"b\"\"\",c\n1,2.5,\"3\"\n-4e2,1e-3,0\n5,6,7\n"
    try withMutations(of: Array(text.utf8), count: 20_000, "csv") { mutated in
      let path = try folder.file("a", mutated)
      do {
        let table = try CSV.read(path)
        #expect(table.values.array.allSatisfy { $0.isFinite })
        #expect(table.header?.count ?? table.values.shape[1] == table.values.shape[1])
      } catch {
        #expect(error is FileError, "\(error)")
      }
    }
  }
}
