import Interchange
import Tensors
import TestSupport
import Testing
import Training

@Suite("IDX files")
struct IDXReaderTests {
  private let matrix: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255]

  private func fault(_ bytes: [UInt8]) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", bytes)
    return message { do { _ = try IDX.read(path) } catch let error as FileError { throw error } }
  }

  @Test("shape and elements")
  func read() throws {
    let folder = try TemporaryFolder()
    let tensor = try IDX.read(folder.file("a", matrix))
    #expect(tensor == (try Tensor([1, 2, 3, 4, 5, 255], shape: [2, 3])))
  }

  @Test("number formats")
  func formats() throws {
    let folder = try TemporaryFolder()
    func read(_ code: UInt8, _ element: [UInt8]) throws -> [Float] {
      try IDX.read(folder.file("a", [0, 0, code, 1, 0, 0, 0, 1] + element)).array
    }
    #expect(try read(0x08, [0xFF]) == [255])
    #expect(try read(0x09, [0xFF]) == [-1])
    #expect(try read(0x0B, [1, 2]) == [258])
    #expect(try read(0x0C, [0xFF, 0xFF, 0xFF, 0xFE]) == [-2])
    #expect(try read(0x0D, [0x3F, 0x80, 0, 0]) == [1])
    #expect(try read(0x0E, [0xBF, 0xF8, 0, 0, 0, 0, 0, 0]) == [-1.5])
    #expect(
      message { _ = try read(0x0C, [1, 0, 0, 1]) }.hasSuffix("byte 8: 16777217 is not exact as a Float"))
    #expect(
      message { _ = try read(0x0A, [1]) }.hasSuffix("byte 2: the code 10 names no number format of IDX"))
  }

  @Test("labels")
  func labels() throws {
    let folder = try TemporaryFolder()
    #expect(try IDX.labels(folder.file("a", [0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 1])) == [9, 0, 1])
    let (image, negative) = (
      try folder.file("b", matrix), try folder.file("c", [0, 0, 9, 1, 0, 0, 0, 1, 0xFF])
    )
    #expect(message { _ = try IDX.labels(image) }.contains("shape [2, 3]"))
    #expect(message { _ = try IDX.labels(negative) }.contains("element 0: -1.0 is not a class label"))
  }

  @Test("lying headers")
  func lies() throws {
    #expect(try fault([1] + matrix.dropFirst()).contains("is not an IDX file"))
    #expect(try fault(Array("a,b\n1,2\n".utf8)).contains("is not an IDX file"))
    #expect(try fault([0, 0, 8, 0, 1]).contains("0 axes"))
    #expect(try fault([0, 0, 8, 9] + Array(repeating: 0, count: 36)).contains("9 axes"))
    #expect(try fault([0, 0, 8, 255]).contains("255 axes"))
    #expect(try fault(matrix + [0]).contains("7 bytes are too many"))
    let huge = [0, 0, 0x0E, 3] + Array(repeating: UInt8(255), count: 12) + [1]
    #expect(try fault(huge).contains("no array has the shape"))
    let emptyButHuge = [0, 0, 8, 3, 0, 0, 0, 0] + Array(repeating: UInt8(255), count: 8)
    #expect(try fault(emptyButHuge).contains("no array has the shape"))
    #expect(try fault([0, 0, 0x0E, 2] + Array(repeating: UInt8(127), count: 8)).contains("too few"))
    for length in 0..<matrix.count {
      #expect(try !fault(Array(matrix[..<length])).isEmpty, "cut at \(length)")
    }
  }

  @Test("thousands of damaged files: an error or a tensor that fills the file")
  func fuzz() throws {
    let folder = try TemporaryFolder()
    try withMutations(of: matrix, count: 20_000, "idx") { mutated in
      let path = try folder.file("a", mutated)
      do {
        #expect(try IDX.read(path).count <= mutated.count)
        _ = try IDX.labels(path)
      } catch {
        #expect(error is FileError, "\(error)")
      }
    }
  }
}
