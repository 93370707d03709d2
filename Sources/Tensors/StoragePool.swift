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
      defer { (state.free, state.keptBytes) = ([:], 0) }
      return state.free
    }
    for address in buffers.values.joined() { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  private struct State {
    /// Addresses of free buffers by capacity, so that the state is `Sendable`.
    var free: [Int: [UInt]] = [:]
    var keptBytes = 0
    var usedBytes = 0
    var limit = 1 << 30
  }

  private static let state = Mutex(State())

  static func take(_ count: Int) -> (elements: UnsafeMutablePointer<Float>, capacity: Int) {
    let capacity = capacity(for: count)
    let bytes = capacity * MemoryLayout<Float>.stride
    let kept = state.withLock { state -> UInt? in
      state.usedBytes += bytes
      guard let address = state.free[capacity]?.popLast() else { return nil }
      state.keptBytes -= bytes
      return address
    }
    let memory =
      kept.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      ?? allocateMemory(byteCount: bytes)
    return (memory.bindMemory(to: Float.self, capacity: capacity), capacity)
  }

  static func give(_ elements: UnsafeMutablePointer<Float>, capacity: Int) {
    let bytes = capacity * MemoryLayout<Float>.stride
    let keep = state.withLock { state in
      state.usedBytes -= bytes
      guard state.keptBytes + bytes <= state.limit else { return false }
      state.free[capacity, default: []].append(UInt(bitPattern: elements))
      state.keptBytes += bytes
      return true
    }
    if !keep { UnsafeMutableRawPointer(elements).deallocate() }
  }

  /// The size class of `count` elements: a multiple of 16 with four classes to each doubling, so that at most a fifth
  /// is unused and differing batch sizes share buffers.
  private static func capacity(for count: Int) -> Int {
    guard count > 64 else { return count <= 16 ? 16 : 64 }
    let step = 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount - 2)
    return (count + step - 1) / step * step
  }
}
