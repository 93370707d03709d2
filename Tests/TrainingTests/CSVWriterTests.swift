import Foundation
import Interchange
import Tensors
import TestSupport
import Testing
import Training

@Suite("CSV files written")
struct CSVWriterTests {
  @Test("the text itself")
  func text() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.csv"
    let values = try Tensor([1, 0.1, -0.0, 1e10, .nan, -.infinity], shape: [3, 2])
    try CSV.write(values, header: ["plain", "a \"b\", c"], to: path)
    #expect(
      String(decoding: try bytes(of: path), as: UTF8.self)
        == "plain,\"a \"\"b\"\", c\"\n1,0.1\n-0.0,1e+10\nnan,-inf\n")
    try CSV.write(Tensor([1, 2]), separator: .tab, to: path)
    #expect(String(decoding: try bytes(of: path), as: UTF8.self) == "1\n2\n")
  }

  @Test("round trip, bit for bit", arguments: CSV.Separator.allCases)
  func roundTrip(separator: CSV.Separator) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.csv"
    var random = RandomSource(seed: 5)
    let values = Tensor(shape: [200, 7]) { elements in
      for index in elements.indices {
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        elements.initializeElement(at: index, to: value.isFinite ? value : Float(index))
      }
    }
    let header = ["a", "b;", "c,", "d\"", "e\n", "f\t", ""]
    try CSV.write(values, header: header, separator: separator, to: path)
    let table = try CSV.read(path, separator: separator)
    #expect(table.header == header)
    #expect(table.values.array.map(\.bitPattern) == values.array.map(\.bitPattern))
  }

  @Test("what cannot be written leaves the former file")
  func errors() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [1])
    #expect(throws: ShapeError.self) { try CSV.write(.zeros([1, 2, 3]), to: path) }
    #expect(throws: ShapeError.self) { try CSV.write(Tensor(scalar: 1), to: path) }
    #expect(throws: ShapeError.self) { try CSV.write(.zeros([1, 2]), header: ["a"], to: path) }
    #expect(throws: FileError.self) { try CSV.write(.zeros([1, 2]), to: folder.path + "/none/a.csv") }
    #expect(try bytes(of: path) == [1])
  }
}
