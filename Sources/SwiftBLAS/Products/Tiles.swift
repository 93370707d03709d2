extension BlockedProduct {
  /// One tile of C. Where it does not end with a whole vector it is computed beside C, by the same arithmetic.
  @inline(__always)
  static func multiplyTile(
    _ block: Block, _ row: Int, _ rowCount: Int, _ column: Int, _ b: Panel, _ ahead: inout LinesAhead
  ) {
    let width = min(panel, block.width &- column)
    let target = block.c + (row &* block.ldc &+ column)
    let vectorCount = padded(width) / Vector.scalarCount
    var call = TileCall(
      depth: block.depth, alpha: block.alpha, a: block.a.pointer(row, 0), rowStep: block.a.rowStep,
      depthStep: block.a.columnStep, b: b.start, bStep: b.step, beta: block.beta, c: target, cStep: block.ldc)
    if let packedA = block.packedA {
      (call.a, call.rowStep, call.depthStep) = (UnsafePointer(packedA + row &* block.depth), 1, rowCount)
    }
    if width % Vector.scalarCount == 0 {
      run(call, rowCount, vectorCount, &ahead)
      return
    }
    (call.c, call.cStep) = (block.tile, padded(width))
    if block.beta != 0 {
      Packing.copyRows(
        target, step: block.ldc, rows: rowCount, count: width, to: block.tile, step: padded(width))
    }
    run(call, rowCount, vectorCount, &ahead)
    Packing.copyRows(
      block.tile, step: padded(width), rows: rowCount, count: width, to: target, step: block.ldc)
  }

  /// The kernel for a tile's number of rows.
  @inline(__always)
  static func run(_ call: TileCall<Scalar>, _ rowCount: Int, _ vectorCount: Int, _ ahead: inout LinesAhead) {
    switch rowCount {
    case 1: TileRows<Vector, 1, vectors>.run(vectorCount, call, &ahead)
    case 2: TileRows<Vector, 2, vectors>.run(vectorCount, call, &ahead)
    case 3: TileRows<Vector, 3, vectors>.run(vectorCount, call, &ahead)
    case 4: TileRows<Vector, 4, vectors>.run(vectorCount, call, &ahead)
    case 5: TileRows<Vector, 5, vectors>.run(vectorCount, call, &ahead)
    case 6: TileRows<Vector, 6, vectors>.run(vectorCount, call, &ahead)
    default:
      guard rows > 6 else { return }
      switch rowCount {
      case 7: TileRows<Vector, 7, vectors>.run(vectorCount, call, &ahead)
      case 8: TileRows<Vector, 8, vectors>.run(vectorCount, call, &ahead)
      default:
        guard rows > 8 else { return }
        switch rowCount {
        case 9: TileRows<Vector, 9, vectors>.run(vectorCount, call, &ahead)
        case 10: TileRows<Vector, 10, vectors>.run(vectorCount, call, &ahead)
        case 11: TileRows<Vector, 11, vectors>.run(vectorCount, call, &ahead)
        default: TileRows<Vector, 12, vectors>.run(vectorCount, call, &ahead)
        }
      }
    }
  }
}

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
    if height <= most {
      (left, smaller, larger) = (1, height, 0)
      return
    }
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

/// Picks the micro-kernel for a tile's width, of at most `widest` vectors, and for the way A and B lie in memory.
enum TileRows<Vector: KernelVector, let rows: Int, let widest: Int>
where Vector.Scalar: ProductScalar {
  @inline(__always)
  static func run(_ vectorCount: Int, _ call: TileCall<Vector.Scalar>, _ ahead: inout LinesAhead) {
    if vectorCount == 1 {
      run(MicroKernel<Vector, rows, 1>.self, call, &ahead)
    } else if widest == 2 || vectorCount == 2 {
      run(MicroKernel<Vector, rows, 2>.self, call, &ahead)
    } else {
      run(MicroKernel<Vector, rows, 3>.self, call, &ahead)
    }
  }

  @inline(__always)
  private static func run<let vectors: Int>(
    _ kernel: MicroKernel<Vector, rows, vectors>.Type, _ call: TileCall<Vector.Scalar>,
    _ ahead: inout LinesAhead
  ) {
    let isPackedB = call.bStep == vectors &* Vector.scalarCount
    if isPackedB, call.rowStep == 1, call.depthStep == rows {
      kernel.packed(
        depth: call.depth, alpha: call.alpha, a: call.a, b: call.b, beta: call.beta, c: call.c,
        cStep: call.cStep, ahead: &ahead)
    } else if call.rowStep == 1 {
      kernel.columns(
        depth: call.depth, alpha: call.alpha, a: call.a, depthStep: call.depthStep, b: call.b,
        bStep: call.bStep, beta: call.beta, c: call.c, cStep: call.cStep, ahead: &ahead)
    } else {
      kernel.rowMajor(
        depth: call.depth, alpha: call.alpha, a: call.a, rowStep: call.rowStep, b: call.b, bStep: call.bStep,
        beta: call.beta, c: call.c, cStep: call.cStep, ahead: &ahead)
    }
  }
}
