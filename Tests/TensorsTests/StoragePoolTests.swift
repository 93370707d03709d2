import Tensors
import Testing

/// The pool is the whole process's: what depends on nobody else using it runs in a process of its own.
@Suite struct StoragePoolTests {
  @Test func aReturnedBufferServesTheNextTensor() async {
    await #expect(processExitsWith: .success) {
      var first: Tensor? = Tensor.zeros([123_457])
      let address = first?.withUnsafeElements { $0.baseAddress }
      first = nil
      try #require(Tensor.zeros([123_457]).withUnsafeElements { $0.baseAddress } == address)
    }
  }

  @Test func trimmingReturnsWhatIsKept() async {
    await #expect(processExitsWith: .success) {
      _ = Tensor.zeros([1 << 20])
      try #require(StoragePool.keptBytes >= 4 << 20)
      StoragePool.trim()
      try #require(StoragePool.keptBytes == 0)
    }
  }

  @Test func nothingIsKeptBeyondTheLimit() async {
    await #expect(processExitsWith: .success) {
      StoragePool.limit = 1 << 20
      _ = Tensor.zeros([1 << 20])
      try #require(StoragePool.keptBytes <= 1 << 20)
      try #require(StoragePool.usedBytes == 0)
    }
  }

  @Test func memoryIsAligned() {
    for count in [0, 1, 17, 100, 1000, 12_345] {
      let address = Tensor.zeros([count]).withUnsafePointer { UInt(bitPattern: $0) }
      #expect(address % 64 == 0)
    }
  }
}
