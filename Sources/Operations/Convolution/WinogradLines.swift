/// A vector of a number each of some tiles, or of some filters, side by side.
protocol WinogradLanes: SIMD, BitwiseCopyable where Scalar == Float {}

extension SIMD8<Float>: WinogradLanes {}
extension SIMD16<Float>: WinogradLanes {}

/// Numbers of a tile's line, a vector of lanes each.
protocol WinogradLine<Lanes> {
  associatedtype Lanes: WinogradLanes
  static var count: Int { get }

  /// A line of which `load` gives each number by its index.
  init(_ load: (Int) -> Lanes)

  /// Calls `body` for each number and its index.
  func forEach(_ body: (Lanes, Int) -> Void)
}

extension WinogradLine {
  @inline(__always)
  init(at start: UnsafePointer<Float>, step: Int) {
    self.init { Lanes(at: start + $0 &* step) }
  }

  @inline(__always)
  func store(to start: UnsafeMutablePointer<Float>, step: Int) {
    forEach { $0.store(to: start + $1 &* step) }
  }
}

// Lines of three, four and six numbers. Structures with a name for each element, since an array's elements would be moved to
// memory.

struct WinogradThree<Lanes: WinogradLanes>: WinogradLine {
  let a, b, c: Lanes

  @inline(__always) static var count: Int { 3 }
}

extension WinogradThree {
  @inline(__always)
  init(_ load: (Int) -> Lanes) {
    self.init(a: load(0), b: load(1), c: load(2))
  }

  @inline(__always)
  func forEach(_ body: (Lanes, Int) -> Void) {
    body(a, 0)
    body(b, 1)
    body(c, 2)
  }
}

struct WinogradFour<Lanes: WinogradLanes>: WinogradLine {
  let a, b, c, d: Lanes

  @inline(__always) static var count: Int { 4 }
}

extension WinogradFour {
  @inline(__always)
  init(_ load: (Int) -> Lanes) {
    self.init(a: load(0), b: load(1), c: load(2), d: load(3))
  }

  @inline(__always)
  func forEach(_ body: (Lanes, Int) -> Void) {
    body(a, 0)
    body(b, 1)
    body(c, 2)
    body(d, 3)
  }
}

struct WinogradSix<Lanes: WinogradLanes>: WinogradLine {
  let a, b, c, d, e, f: Lanes

  @inline(__always) static var count: Int { 6 }
}

extension WinogradSix {
  @inline(__always)
  init(_ load: (Int) -> Lanes) {
    self.init(a: load(0), b: load(1), c: load(2), d: load(3), e: load(4), f: load(5))
  }

  @inline(__always)
  func forEach(_ body: (Lanes, Int) -> Void) {
    body(a, 0)
    body(b, 1)
    body(c, 2)
    body(d, 3)
    body(e, 4)
    body(f, 5)
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
