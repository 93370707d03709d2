import Foundation
import Interchange
import Tensors
import TestSupport
import Testing

@Suite("Safetensors files")
struct SafetensorsTests {
  /// A file of the given header and data.
  static func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
  }

  private let example = Safetensors(
    tensors: [
      ("z.weight", Tensor(repeating: 1.5, shape: [2, 3])), ("a", Tensor(scalar: -0.0)),
      ("quote\" \\ \n ü\u{1}", Tensor([1, .infinity, .leastNonzeroMagnitude])), ("empty", .zeros([0, 4])),
    ], metadata: ["format": "pt", "b": "\"x\""])

  @Test("round trip, names in order, the same bytes again")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.safetensors"
    try example.write(to: path)
    let first = try bytes(of: path)
    let read = try Safetensors(contentsOf: path)
    #expect(read.tensors.map(\.name) == example.tensors.map(\.name))
    #expect(read.tensors.map(\.tensor) == example.tensors.map(\.tensor))
    #expect(read["a"]?.array[0].sign == .minus)
    #expect(read["b"] == nil)
    #expect(read.metadata == example.metadata)
    try read.write(to: path)
    #expect(try bytes(of: path) == first)
    #expect(try folder.names == ["a.safetensors"])
  }

  @Test("the bytes themselves")
  func bytesWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    try Safetensors(tensors: [("x", Tensor([1]))]).write(to: path)
    let header = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let padded = header.padding(toLength: (header.count + 7) / 8 * 8, withPad: " ", startingAt: 0)
    #expect(try bytes(of: path) == Self.file(padded, [0, 0, 0x80, 0x3F]))
    try Safetensors().write(to: path)
    #expect(try bytes(of: path) == Self.file("{}      "))
    #expect(try Safetensors(contentsOf: path).tensors.isEmpty)
  }

  @Test("names that cannot be written")
  func names() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [1])
    let one = Tensor([1])
    #expect(throws: FileError.self) { try Safetensors(tensors: [("x", one), ("x", one)]).write(to: path) }
    #expect(throws: FileError.self) { try Safetensors(tensors: [("__metadata__", one)]).write(to: path) }
    #expect(try bytes(of: path) == [1])
  }

  @Test("number formats are converted")
  func formats() throws {
    let folder = try TemporaryFolder()
    func read(_ dtype: String, _ data: [UInt8]) throws -> [Float]? {
      let header = #"{"x":{"dtype":"\#(dtype)","shape":[1],"data_offsets":[0,\#(data.count)]}}"#
      return try Safetensors(contentsOf: folder.file("a", Self.file(header, data)))["x"]?.array
    }
    #expect(try read("F32", [0, 0, 0x80, 0x3F]) == [1])
    #expect(try read("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF]) == [-1.5])
    #expect(try read("F16", [0, 0x3C]) == [1])
    #expect(try read("BF16", [0x80, 0x3F]) == [1])
    #expect(try read("I32", [0xFE, 0xFF, 0xFF, 0xFF]) == [-2])
    #expect(try read("I64", [7, 0, 0, 0, 0, 0, 0, 0]) == [7])
    #expect(try read("BOOL", [1]) == [1])
    #expect(message { _ = try read("F8_E4M3", [1]) }.contains("\"F8_E4M3\""))
    #expect(message { _ = try read("I32", [1, 0, 0, 1]) }.contains("16777217 is not exact"))
  }

  @Test("thousands of damaged files: an error or tensors that fill the file")
  func fuzz() throws {
    let folder = try TemporaryFolder()
    try example.write(to: folder.path + "/whole")
    try withMutations(of: bytes(of: folder.path + "/whole"), count: 20_000, "safetensors") { mutated in
      let path = try folder.file("a", mutated)
      do {
        let elements = try Safetensors(contentsOf: path).tensors.reduce(0) { $0 + $1.tensor.count }
        #expect(elements <= mutated.count)
      } catch {
        #expect(error is FileError, "\(error)")
      }
    }
  }
}
