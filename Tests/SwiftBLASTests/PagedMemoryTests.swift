import SwiftBLAS
import Testing

@Suite("Memory from the system")
struct PagedMemoryTests {
  @Test(
    "is aligned to cache lines, large buffers to their pages, and all of it can be written",
    arguments: [1, 64, 100_000, 2 << 20, (5 << 20) + 64])
  func isAlignedAndWritable(byteCount: Int) {
    let memory = allocateMemory(byteCount: byteCount)
    defer { memory.deallocate() }
    let address = UInt(bitPattern: memory)
    #expect(address % 64 == 0)
    #if os(Linux)
      #expect(byteCount < 2 << 20 || address % (2 << 20) == 0)
    #endif
    memory.initializeMemory(as: UInt8.self, repeating: 7, count: byteCount)
    #expect(memory.load(fromByteOffset: byteCount - 1, as: UInt8.self) == 7)
  }
}
