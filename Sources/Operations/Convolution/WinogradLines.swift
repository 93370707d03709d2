// Lines of three, four and six numbers. Structures with a name for each element, since an array's elements would be moved to
// memory.

struct WinogradThree: WinogradLine {
  var a, b, c: WinogradLanes

  @inline(__always) static var count: Int { 3 }
}

struct WinogradFour: WinogradLine {
  var a, b, c, d: WinogradLanes

  @inline(__always) static var count: Int { 4 }
}

struct WinogradSix: WinogradLine {
  var a, b, c, d, e, f: WinogradLanes

  @inline(__always) static var count: Int { 6 }
}

extension WinogradThree {
  @inline(__always)
  init(at start: UnsafePointer<Float>, step: Int) {
    a = WinogradLanes(at: start)
    b = WinogradLanes(at: start + step)
    c = WinogradLanes(at: start + 2 &* step)
  }

  @inline(__always)
  func store(to start: UnsafeMutablePointer<Float>, step: Int) {
    a.store(to: start)
    b.store(to: start + step)
    c.store(to: start + 2 &* step)
  }
}

extension WinogradFour {
  @inline(__always)
  init(at start: UnsafePointer<Float>, step: Int) {
    a = WinogradLanes(at: start)
    b = WinogradLanes(at: start + step)
    c = WinogradLanes(at: start + 2 &* step)
    d = WinogradLanes(at: start + 3 &* step)
  }

  @inline(__always)
  func store(to start: UnsafeMutablePointer<Float>, step: Int) {
    a.store(to: start)
    b.store(to: start + step)
    c.store(to: start + 2 &* step)
    d.store(to: start + 3 &* step)
  }
}

extension WinogradSix {
  @inline(__always)
  init(at start: UnsafePointer<Float>, step: Int) {
    a = WinogradLanes(at: start)
    b = WinogradLanes(at: start + step)
    c = WinogradLanes(at: start + 2 &* step)
    d = WinogradLanes(at: start + 3 &* step)
    e = WinogradLanes(at: start + 4 &* step)
    f = WinogradLanes(at: start + 5 &* step)
  }

  @inline(__always)
  func store(to start: UnsafeMutablePointer<Float>, step: Int) {
    a.store(to: start)
    b.store(to: start + step)
    c.store(to: start + 2 &* step)
    d.store(to: start + 3 &* step)
    e.store(to: start + 4 &* step)
    f.store(to: start + 5 &* step)
  }
}

// As `SwiftBLAS` and `LinearAlgebra` have them each for itself: only within a module they are inlined.
extension SIMD where Self: BitwiseCopyable, Scalar == Float {
  /// The elements at `pointer`, which need not be aligned to the vector.
  @inline(__always)
  init(at pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
  }

  /// Stores the elements from `pointer` on, which need not be aligned to the vector.
  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
  }
}
