import Foundation
import Interchange
import Tensors
import TestSupport
import Testing

@Suite("npy files")
struct NPYTests {
  /// A file of version 1 with the given header and data.
  static func file(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let length = UInt32(header.utf8.count)
    let bytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + bytes + Array(header.utf8) + data
  }

  static func header(_ descr: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  }

  @Test("round trip of every rank")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npy"
    for shape in [[], [0], [5], [2, 3], [3, 0, 2], [1, 2, 3, 2], [1, 1, 2, 1, 2, 1, 2, 3]] as [Shape] {
      let tensor = try Tensor((0..<shape.count).map { Float($0) - 1.25 }, shape: shape)
      try NPY.write(tensor, to: path)
      #expect(try NPY.read(path) == tensor)
    }
  }

  @Test("the bytes themselves, as numpy.save writes them")
  func bytesWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npy"
    for (shape, text) in [([], "()"), ([1], "(1,)"), ([1, 1], "(1, 1)")] as [(Shape, String)] {
      try NPY.write(Tensor(repeating: 1, shape: shape), to: path)
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(text), }"
      let padded = header.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
      #expect(try bytes(of: path) == Self.file(padded, [0, 0, 0x80, 0x3F]))
    }
  }

  @Test("number formats, byte orders, versions")
  func formats() throws {
    let folder = try TemporaryFolder()
    func read(_ descr: String, _ data: [UInt8], version: UInt8 = 1) throws -> [Float] {
      try NPY.read(folder.file("a", Self.file(Self.header(descr, "(1,)"), data, version: version))).array
    }
    for version in [1, 2, 3] as [UInt8] {
      #expect(try read("<f4", [0, 0, 0x80, 0x3F], version: version) == [1])
    }
    #expect(try read(">f4", [0x3F, 0x80, 0, 0]) == [1])
    #expect(try read("<f8", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF]) == [-1.5])
    #expect(try read(">i2", [1, 0]) == [256])
    #expect(try read("|i1", [0xFF]) == [-1])
    #expect(try read("|u1", [0xFF]) == [255])
    #expect(try read("|b1", [1]) == [1])
    #expect(try read("<i8", [3, 0, 0, 0, 0, 0, 0, 0]) == [3])
    #expect(message { _ = try read("<i4", [1, 0, 0, 1]) }.contains("16777217 is not exact"))
    #expect(message { _ = try read("<c8", [0, 0, 0, 0, 0, 0, 0, 0]) }.contains("dtype \"<c8\""))
    #expect(message { _ = try read("|O", [0]) }.contains("dtype \"|O\""))
    #expect(message { _ = try read("<f4", [0, 0, 0, 0], version: 4) }.contains("version 4"))
  }

  @Test("Fortran order")
  func fortranOrder() throws {
    let folder = try TemporaryFolder()
    // Element [i, j, k] is 100i + 10j + k, and i is the fastest in the file.
    var data: [UInt8] = []
    for k in 0..<4 {
      for j in 0..<3 {
        for i in 0..<2 { data.append(UInt8(100 * i + 10 * j + k)) }
      }
    }
    let header = Self.header("|u1", "(2, 3, 4)", fortran: true)
    let tensor = try NPY.read(folder.file("a", Self.file(header, data)))
    #expect(tensor.shape == [2, 3, 4])
    for (i, j, k) in [(0, 0, 0), (1, 2, 3), (1, 0, 2), (0, 2, 1)] {
      #expect(tensor[i, j, k] == Float(100 * i + 10 * j + k))
    }
    let vector = try NPY.read(
      folder.file("a", Self.file(Self.header("|u1", "(3,)", fortran: true), [1, 2, 3])))
    #expect(vector.array == [1, 2, 3])
    let none = try NPY.read(folder.file("a", Self.file(Self.header("|u1", "(3, 0)", fortran: true), [])))
    #expect(none.shape == [3, 0])
  }

  @Test("cut off at every byte, and too long")
  func lengths() throws {
    let folder = try TemporaryFolder()
    let whole = Self.file(Self.header("<f4", "(2,)"), Array(repeating: 0, count: 8))
    for length in 0..<whole.count {
      let path = try folder.file("a", whole[..<length])
      #expect(throws: FileError.self, "cut at \(length)") { try NPY.read(path) }
    }
    let path = try folder.file("a", whole + [0])
    #expect(message { _ = try NPY.read(path) }.contains("9 bytes are too many"))
  }

  @Test("thousands of damaged files: an error or a tensor that fills the file")
  func fuzz() throws {
    let folder = try TemporaryFolder()
    let header = Self.header("<f4", "(2, 3)", fortran: true)
    let whole = Self.file(header, Array(repeating: 1, count: 24))
    try withMutations(of: whole, count: 20_000, "npy") { mutated in
      let path = try folder.file("a", mutated)
      do {
        #expect(try NPY.read(path).count <= mutated.count)
      } catch {
        #expect(error is FileError, "\(error)")
      }
    }
  }
}
