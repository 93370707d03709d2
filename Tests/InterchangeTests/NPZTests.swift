import Interchange
import Tensors
import TestSupport
import Testing

@Suite struct NPZTests {
  @Test(arguments: ["arrays.npz", "packed-arrays.npz"]) func readsWhatNumPyWrites(_ name: String) throws {
    let arrays = try NPZ.read(fixture(name))
    #expect(arrays.count == 4)
    #expect(arrays["weight"] == (try Tensor([0, 0.25, 0.5, 0.75, 1, 1.25], shape: [2, 3])))
    #expect(arrays["ids"] == Tensor([3, -1, 7]))
    #expect(arrays["fortran"] == (try Tensor([0, 1, 2, 3, 4, 5, 6, 7], shape: [2, 4])))
    #expect(arrays["zeros"] == Tensor.zeros([3, 5]))
  }

  @Test func aLimitHolds() {
    #expect(
      message { _ = try NPZ.read(fixture("arrays.npz"), limit: 100) }.contains("more than the 100 bytes"))
  }

  @Test func whatIsNoArchiveIsNamed() throws {
    let folder = try TemporaryFolder()
    for text in ["", "PK", "not an archive, but long enough to be one"] {
      let path = try folder.file("file", text)
      #expect(message { _ = try NPZ.read(path) } == "\(path): is not a zip archive, or is cut off")
    }
  }

  /// A member of some bytes that claims to be many is refused before memory is taken for it.
  @Test func aBombIsRefused() throws {
    let folder = try TemporaryFolder()
    var archive = try bytes(of: fixture("packed-arrays.npz"))
    let entry = try #require(
      archive.indices.first { archive[$0...].starts(with: [0x50, 0x4B, 0x01, 0x02]) })
    archive.replaceSubrange(entry + 24..<entry + 28, with: [0, 0, 0, 0x70])
    let path = try folder.file("bomb.npz", archive)
    #expect(message { _ = try NPZ.read(path) }.contains("claims more bytes than it can hold"))
  }

  @Test(arguments: ["arrays.npz", "packed-arrays.npz"]) func mutatedFilesAreAnErrorOrArrays(_ name: String)
    throws
  {
    let folder = try TemporaryFolder()
    try withMutations(of: bytes(of: fixture(name)), count: 20_000, "NPZTests") { mutated in
      let path = try folder.file("mutated", mutated)
      do { _ = try NPZ.read(path) } catch is FileError {}
    }
  }
}
