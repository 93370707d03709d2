import Testing

import Tensors

@Suite(.serialized) struct StoragePoolTests {
  @Test func aReturnedBufferServesTheNextTensor() {
    let count = 123_457
    var first: Tensor? = Tensor.zeros([count])
    let address = first?.withUnsafeElements { $0.baseAddress }
    first = nil
    let second = Tensor.zeros([count])
    #expect(second.withUnsafeElements { $0.baseAddress } == address)
  }

  @Test func memoryIsAligned() {
    for count in [0, 1, 17, 100, 1000, 12_345] {
      let address = Tensor.zeros([count]).withUnsafePointer { UInt(bitPattern: $0) }
      #expect(address % 64 == 0)
    }
  }

  @Test func trimmingReturnsWhatIsKept() {
    _ = Tensor.zeros([1 << 20])
    StoragePool.trim()
    #expect(StoragePool.keptBytes < 1 << 20)
  }
}
