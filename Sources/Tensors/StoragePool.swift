import SwiftBLAS
import Synchronization

/// The memory between two uses: buffers that tensors gave back, kept for the next tensor of their size.
///
/// A training step takes and returns the same sizes every time. Handing large buffers to the system and back costs
/// page faults worth up to half the step, so the pool keeps them, up to ``limit`` bytes in total.
public enum StoragePool {
  /// The most bytes kept for reuse; what is returned beyond it goes to the system. 1 GiB unless set.
  public static var limit: Int {
    get { state.withLock { $0.limit } }
    set { state.withLock { $0.limit = max(0, newValue) } }
  }

  /// Bytes kept for reuse at this moment.
  public static var keptBytes: Int { state.withLock { $0.keptBytes } }

  /// Bytes in use by tensors at this moment.
  public static var usedBytes: Int { state.withLock { $0.usedBytes } }

  /// Returns all that is kept to the system.
  public static func trim() {
    let buffers = state.withLock { state in
      defer { (state.free, state.keptBytes) = (State().free, 0) }
      return state.free
    }
    for address in buffers.joined() { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  private struct State {
    /// Addresses of free buffers by size class, so that the state is `Sendable`.
    var free: [[UInt]] = Array(repeating: [], count: SizeClass.count)
    var keptBytes = 0
    var usedBytes = 0
    var limit = 1 << 30
  }

  private static let state = Mutex(State())

  static func take(_ count: Int) -> (elements: UnsafeMutablePointer<Float>, capacity: Int) {
    let size = SizeClass(of: count)
    let bytes = size.capacity * MemoryLayout<Float>.stride
    let kept = state.withLock { state -> UInt? in
      state.usedBytes += bytes
      guard let address = state.free[size.index].popLast() else { return nil }
      state.keptBytes -= bytes
      return address
    }
    let memory =
      kept.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      ?? allocateMemory(byteCount: bytes)
    return (memory.bindMemory(to: Float.self, capacity: size.capacity), size.capacity)
  }

  static func give(_ elements: UnsafeMutablePointer<Float>, capacity: Int) {
    let bytes = capacity * MemoryLayout<Float>.stride
    let keep = state.withLock { state in
      state.usedBytes -= bytes
      guard state.keptBytes + bytes <= state.limit else { return false }
      state.free[SizeClass(of: capacity).index].append(UInt(bitPattern: elements))
      state.keptBytes += bytes
      return true
    }
    if !keep { UnsafeMutableRawPointer(elements).deallocate() }
  }
}

/// The sizes that buffers have: multiples of 16 with four to each doubling, so that at most a fifth is unused and differing
/// batch sizes share buffers.
private struct SizeClass {
  /// The number of classes.
  static var count: Int { 4 * Int.bitWidth }

  /// Its place among them.
  let index: Int

  /// The elements of a buffer.
  let capacity: Int

  /// The class of the smallest buffers for so many elements; of a capacity, its own.
  init(of count: Int) {
    guard count > 64 else {
      (index, capacity) = count <= 16 ? (0, 16) : (1, 64)
      return
    }
    let doublings = Int.bitWidth - 1 - (count - 1).leadingZeroBitCount
    let step = 1 << (doublings - 2)
    let steps = (count + step - 1) / step
    (index, capacity) = (4 * doublings + steps - 5, steps * step)
  }
}
