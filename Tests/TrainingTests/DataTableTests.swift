import Interchange
import Tensors
import TestSupport
import Testing
import Training

@Suite struct DataTableTests {
  private let text = "sex,length,note\nM,0.5,\"a, b\"\nF,,?\nI,2e-1,NA\nM,1,\n"

  @Test func columnsHaveTypes() throws {
    let folder = try TemporaryFolder()
    let table = try CSV.table(folder.file("data.csv", text))
    #expect(table.names == ["sex", "length", "note"])
    #expect(table.rowCount == 4)
    #expect(table["sex"] == .words(["M", "F", "I", "M"]))
    #expect(table["length"] == .numbers([0.5, nil, 0.2, 1]))
    #expect(table["note"] == .words(["a, b", nil, nil, nil]))
    #expect(table["age"] == nil)
    #expect(try table.categories(of: "sex") == ["F", "I", "M"])
    #expect(
      try table.tensor(of: ["length", "sex"], missing: -1)
        == Tensor([0.5, 0, 0, 1, -1, 1, 0, 0, 0.2, 0, 1, 0, 1, 0, 0, 1], shape: [4, 4]))
    #expect(try table.labels(of: "sex") == .labels([2, 0, 1, 2], classes: 3))
    for (words, read) in [
      ("row 2 has no \"length\"", { _ = try table.tensor(of: ["length"]) }),
      ("row 2 has no \"note\"", { _ = try table.labels(of: "note") }),
      ("has no column \"age\"; it has sex, length, note", { _ = try table.tensor(of: ["age"]) }),
      ("holds numbers", { _ = try table.labels(of: "length") }),
    ] as [(String, () throws -> Void)] {
      #expect(message(read).contains(words), "\(message(read))")
    }
    let tabs = try CSV.table(folder.file("data.tsv", "1\tx\n2\ty\n"), separator: .tab, hasHeader: false)
    #expect(tabs.names == ["1", "2"])
    #expect(tabs["1"] == .numbers([1, 2]))
    for (bad, words) in [
      ("a,a\n1,2", "names two columns alike"), ("a,b\n1", "has 1 column"), ("a,b\n", "no row"),
      ("", "is empty"),
    ] {
      let path = try folder.file("bad", bad)
      #expect(
        message { _ = try CSV.table(path) }.contains(words), "\(bad): \(message { _ = try CSV.table(path) })")
    }
  }

  @Test func mutatedFilesAreAnErrorOrATable() throws {
    let folder = try TemporaryFolder()
    try withMutations(of: Array(text.utf8), count: 20_000, "DataTableTests") { mutated in
      let path = try folder.file("mutated", mutated)
      do {
        let table = try CSV.table(path)
        #expect(table.columns.count == table.names.count)
      } catch is FileError {}
    }
  }
}
