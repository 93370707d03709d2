/// C ← C + A · Bᵀ, summed over `repeats` pairs of matrices, for a B whose row j begins at `b + offsets[j]`.
///
///     C[i, j] += Σ_r Σ_w a[r · aRepeat + i · lda + w] · b[r · bRepeat + offsets[j] + w]        w = 0, …, k − 1
///
/// - Parameters:
///   - k: Both are read up to the next multiple of ``scatteredColumnStep``; what is beyond `k` must add nothing: zeros in
///     A, and numbers in B.
/// - Complexity: 2·repeats·m·n·k operations. Each sum is taken in the lanes of a vector, which are added up at the end.
public func addDots(
  m: Int, n: Int, k: Int, repeats: Int, a: UnsafePointer<Float>, lda: Int, aRepeat: Int,
  b: UnsafePointer<Float>, bRepeat: Int, offsets: UnsafePointer<Int>, c: UnsafeMutablePointer<Float>, ldc: Int
) {
  let call = DotCall(
    k: k, repeats: repeats, a: a, lda: lda, aRepeat: aRepeat, b: b, bRepeat: bRepeat, offsets: offsets, c: c,
    ldc: ldc)
  #if arch(arm64)
    ScatteredDots<SIMD4<Float>, 8>.add(m, n, call)
  #else
    if TargetFeatures.hasAVX512 {
      ScatteredDots<SIMD16<Float>, 8>.add(m, n, call)
    } else if TargetFeatures.hasAVX2 {
      ScatteredDots<SIMD8<Float>, 4>.add(m, n, call)
    } else {
      ScatteredDots<SIMD4<Float>, 4>.add(m, n, call)
    }
  #endif
}

/// What the kernels of dot products are given.
struct DotCall {
  var k, repeats: Int
  var a: UnsafePointer<Float>
  var lda, aRepeat: Int
  var b: UnsafePointer<Float>
  var bRepeat: Int
  var offsets: UnsafePointer<Int>
  var c: UnsafeMutablePointer<Float>
  var ldc: Int
}

/// Tiles of dot products: at most three rows of A by at most `most` of B.
private enum ScatteredDots<Vector: KernelVector, let most: Int> where Vector.Scalar == Float {
  /// Rows of B outermost: the few that a tile needs stay in the first-level cache for all rows of A.
  static func add(_ m: Int, _ n: Int, _ call: DotCall) {
    withUnsafeTemporaryAllocation(of: Vector.self, capacity: 3 &* most) { lanes in
      guard let lanes = lanes.baseAddress else { return }
      add(m, n, call, lanes)
    }
  }

  private static func add(_ m: Int, _ n: Int, _ call: DotCall, _ lanes: UnsafeMutablePointer<Vector>) {
    var wide = EvenTiles(height: n, most: most)
    while let (column, count) = wide.next() {
      var tile = call
      tile.offsets += column
      var tall = EvenTiles(height: m, most: 3)
      while let (row, height) = tall.next() {
        tile.a = call.a + row &* call.lda
        tile.c = call.c + (row &* call.ldc &+ column)
        switch height {
        case 1: DotTile<Vector, 1, most>.add(count, tile, lanes)
        case 2: DotTile<Vector, 2, most>.add(count, tile, lanes)
        default: DotTile<Vector, 3, most>.add(count, tile, lanes)
        }
      }
    }
  }
}

/// Picks the kernel for the number of rows of B.
private enum DotTile<Vector: KernelVector, let left: Int, let most: Int> where Vector.Scalar == Float {
  static func add(_ count: Int, _ call: DotCall, _ lanes: UnsafeMutablePointer<Vector>) {
    switch count {
    case 1: DotKernel<Vector, 1, left>.add(call, lanes)
    case 2: DotKernel<Vector, 2, left>.add(call, lanes)
    case 3: DotKernel<Vector, 3, left>.add(call, lanes)
    case 4: DotKernel<Vector, 4, left>.add(call, lanes)
    default:
      guard most > 4 else { return }
      switch count {
      case 5: DotKernel<Vector, 5, left>.add(call, lanes)
      case 6: DotKernel<Vector, 6, left>.add(call, lanes)
      case 7: DotKernel<Vector, 7, left>.add(call, lanes)
      default: DotKernel<Vector, 8, left>.add(call, lanes)
      }
    }
  }
}

/// A tile of dot products, whose sums stay in registers; its loops stand in groups of four for the reason given at
/// ``MicroKernel``.
private enum DotKernel<Vector: KernelVector, let rows: Int, let left: Int> where Vector.Scalar == Float {
  typealias Tile = InlineArray<rows, InlineArray<left, Vector>>

  /// - Parameter lanes: room for the tile; added up from there, since a loop over the tile itself would keep it in memory
  ///   all the time.
  @inline(never)
  static func add(_ call: DotCall, _ lanes: UnsafeMutablePointer<Vector>) {
    let sums = sums(call)
    store(sums, lanes, from: 0)
    store(sums, lanes, from: 4)
    for j in 0..<rows {
      for i in 0..<left { call.c[i &* call.ldc &+ j] += lanes[j &* left &+ i].pairwiseSum }
    }
  }

  @inline(__always)
  private static func store(_ sums: Tile, _ lanes: UnsafeMutablePointer<Vector>, from first: Int) {
    var j = first
    while j < min(first &+ 4, rows) {
      for i in 0..<left { lanes[j &* left &+ i] = sums[unchecked: j][unchecked: i] }
      j &+= 1
    }
  }

  @inline(__always)
  private static func sums(_ call: DotCall) -> Tile {
    var sums = Tile { _ in InlineArray { _ in Vector() } }
    let offsets = call.offsets
    let steps = (call.k &+ Vector.scalarCount &- 1) / Vector.scalarCount
    var (a, b) = (call.a, call.b)
    var (remaining, ofPair) = (call.repeats &* steps, steps)
    // One loop over all pairs of matrices, for two would keep the sums in memory as well.
    while remaining > 0 {
      add(a, call.lda, b, offsets, to: &sums, from: 0)
      add(a, call.lda, b, offsets, to: &sums, from: 4)
      ofPair &-= 1
      a += ofPair > 0 ? Vector.scalarCount : call.aRepeat &- (steps &- 1) &* Vector.scalarCount
      b += ofPair > 0 ? Vector.scalarCount : call.bRepeat &- (steps &- 1) &* Vector.scalarCount
      ofPair = ofPair > 0 ? ofPair : steps
      remaining &-= 1
    }
    return sums
  }

  /// Adds the products of a vector of each row of A with one of each of four rows of B.
  @inline(__always)
  private static func add(
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ offsets: UnsafePointer<Int>,
    to sums: inout Tile, from first: Int
  ) {
    var j = first
    while j < min(first &+ 4, rows) {
      let right = Vector(at: b + offsets[j])
      for i in 0..<left {
        sums[unchecked: j][unchecked: i] = sums[unchecked: j][unchecked: i].plus(
          Vector(at: a + i &* lda), times: right)
      }
      j &+= 1
    }
  }
}
