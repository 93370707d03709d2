import Synchronization

/// Scratch memory of the products: the one place in this module with state of its own.
///
/// A product that packs needs up to some megabytes. Taken from the system and given back at each call they would
/// cost a page fault for every 4 KiB, so that buffers are kept in a list and handed out again. A buffer belongs to
/// one call at a time; the list is touched under its lock alone.
enum Workspace {
  /// Memory on loan to one call or resting in the list, never both; by its address, so that it may cross threads.
  private struct Buffer {
    let address: UInt
    let byteCount: Int

    init(byteCount: Int) {
      address = UInt(bitPattern: allocateMemory(byteCount: byteCount))
      self.byteCount = byteCount
    }

    func deallocate() { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  private static let resting = Mutex<[Buffer]>([])

  /// More buffers than this, from more calls at a time than this, are given back to the system.
  private static let mostResting = 64

  /// Calls `body` with uninitialized memory for `count` scalars, aligned to 64 bytes.
  @inline(__always)
  static func withMemory<Scalar>(
    of type: Scalar.Type, count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let buffer = take(byteCount: count * MemoryLayout<Scalar>.stride)
    if let start = UnsafeMutableRawPointer(bitPattern: buffer.address) {
      body(start.assumingMemoryBound(to: Scalar.self))
    }
    giveBack(buffer)
  }

  private static func take(byteCount: Int) -> Buffer {
    let rested = resting.withLock { buffers -> Buffer? in
      guard let index = buffers.lastIndex(where: { $0.byteCount >= byteCount }) else {
        return buffers.popLast()
      }
      return buffers.remove(at: index)
    }
    if let rested {
      if rested.byteCount >= byteCount { return rested }
      rested.deallocate()
    }
    var size = 1 << 16
    while size < byteCount { size *= 2 }
    return Buffer(byteCount: size)
  }

  private static func giveBack(_ buffer: Buffer) {
    let surplus = resting.withLock { buffers in
      if buffers.count < mostResting {
        buffers.append(buffer)
        return false
      }
      return true
    }
    if surplus { buffer.deallocate() }
  }
}
