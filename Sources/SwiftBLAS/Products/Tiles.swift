/// Cuts `height` rows into as few tiles as possible, whose heights differ by one at most.
///
/// Full tiles with a rest of one or two rows would leave the last tile too few sums to keep the units busy.
struct EvenTiles {
  private let smaller: Int
  private var larger: Int
  private var left: Int
  private var row = 0

  @inline(__always)
  init(height: Int, most: Int) {
    left = (height &+ most &- 1) / most
    smaller = height / left
    larger = height &- smaller &* left
  }

  /// The next tile's first row and its height.
  @inline(__always)
  mutating func next() -> (row: Int, count: Int)? {
    guard left > 0 else { return nil }
    let count = larger > 0 ? smaller &+ 1 : smaller
    let result = (row, count)
    row &+= count
    larger &-= 1
    left &-= 1
    return result
  }
}

/// What a micro-kernel is given.
struct TileCall<Scalar> {
  var depth: Int
  var alpha: Scalar
  var a: UnsafePointer<Scalar>
  var rowStep: Int
  var depthStep: Int
  var b: UnsafePointer<Scalar>
  var bStep: Int
  var beta: Scalar
  var c: UnsafeMutablePointer<Scalar>
  var cStep: Int
}

/// Picks the micro-kernel for a tile's width and for the way A lies in memory.
enum TileRows<Vector: KernelVector, let rows: Int>
where Vector.Scalar: ProductScalar {
  @inline(__always)
  static func run(_ vectorCount: Int, _ call: TileCall<Vector.Scalar>) {
    if vectorCount == 1 {
      run(MicroKernel<Vector, rows, 1>.self, call)
    } else {
      run(MicroKernel<Vector, rows, 2>.self, call)
    }
  }

  @inline(__always)
  private static func run<let vectors: Int>(
    _ kernel: MicroKernel<Vector, rows, vectors>.Type, _ call: TileCall<Vector.Scalar>
  ) {
    if call.rowStep == 1 {
      kernel.columns(
        depth: call.depth, alpha: call.alpha, a: call.a, depthStep: call.depthStep, b: call.b, bStep: call.bStep,
        beta: call.beta, c: call.c, cStep: call.cStep)
    } else {
      kernel.rowMajor(
        depth: call.depth, alpha: call.alpha, a: call.a, rowStep: call.rowStep, b: call.b, bStep: call.bStep,
        beta: call.beta, c: call.c, cStep: call.cStep)
    }
  }
}
