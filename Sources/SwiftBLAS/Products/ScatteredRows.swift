// Products with a matrix whose rows lie anywhere in memory, given by where each begins. Of an image within its margins, the
// pixels under one element of a kernel are such a row, window by window: a convolution needs no copy of them.
//
// As in `gemm`, each element's sum has an order that follows from the depth alone.

/// The columns that ``gemm(packedA:m:n:k:b:offsets:c:ldc:)`` computes at least and by which it goes on: a vector.
public var scatteredColumnStep: Int {
  #if arch(arm64)
    ScatteredRows<SIMD4<Float>, 12>.step
  #else
    if TargetFeatures.hasAVX512 {
      ScatteredRows<SIMD16<Float>, 12>.step
    } else if TargetFeatures.hasAVX2 {
      ScatteredRows<SIMD8<Float>, 6>.step
    } else {
      ScatteredRows<SIMD4<Float>, 4>.step
    }
  #endif
}

/// Copies A, `m` rows of `k` elements, into the order in which ``gemm(packedA:m:n:k:b:offsets:c:ldc:)`` reads it.
///
/// - Parameter target: Room for `m · k` elements.
public func packRows(
  m: Int, k: Int, a: UnsafePointer<Float>, lda: Int, to target: UnsafeMutablePointer<Float>
) {
  forEachPackedTile(m: m) { row, count in
    transpose(a + row * lda, count: count, lineStep: lda, depth: k, to: target + row * k, width: count)
  }
}

/// Copies an A likewise whose element p of row i is at `a[i · lda + offsets[p]]`.
public func packRows(
  m: Int, a: UnsafePointer<Float>, lda: Int, offsets: [Int], to target: UnsafeMutablePointer<Float>
) {
  forEachPackedTile(m: m) { row, count in
    var place = target + row * offsets.count
    let a = a + row * lda
    for offset in offsets {
      for i in 0..<count { place[i] = a[i &* lda &+ offset] }
      place += count
    }
  }
}

/// Calls `body` for each tile of rows in the order of ``packRows(m:k:a:lda:to:)``: its elements begin `row · k` elements on, and
/// `count` of them, one for each row, lie side by side.
public func forEachPackedTile(m: Int, _ body: (_ row: Int, _ count: Int) -> Void) {
  #if arch(arm64)
    ScatteredRows<SIMD4<Float>, 12>.forEachTile(m, body)
  #else
    if TargetFeatures.hasAVX512 {
      ScatteredRows<SIMD16<Float>, 12>.forEachTile(m, body)
    } else if TargetFeatures.hasAVX2 {
      ScatteredRows<SIMD8<Float>, 6>.forEachTile(m, body)
    } else {
      ScatteredRows<SIMD4<Float>, 4>.forEachTile(m, body)
    }
  #endif
}

/// C ← A · B for an A in the order of ``packRows(m:k:a:lda:to:)`` and a B whose row p begins at `b + offsets[p]`.
///
/// - Parameters:
///   - n: Columns; C is written, and B read, up to the next multiple of ``scatteredColumnStep``.
///   - ldc: Elements from one row of C to the next, at least that multiple.
/// - Complexity: 2·m·n·k operations.
public func gemm(
  packedA: UnsafePointer<Float>, m: Int, n: Int, k: Int, b: UnsafePointer<Float>, offsets: UnsafePointer<Int>,
  c: UnsafeMutablePointer<Float>, ldc: Int
) {
  #if arch(arm64)
    ScatteredRows<SIMD4<Float>, 12>.multiply(packedA, m, n, k, b, offsets, c, ldc)
  #else
    if TargetFeatures.hasAVX512 {
      ScatteredRows<SIMD16<Float>, 12>.multiply(packedA, m, n, k, b, offsets, c, ldc)
    } else if TargetFeatures.hasAVX2 {
      ScatteredRows<SIMD8<Float>, 6>.multiply(packedA, m, n, k, b, offsets, c, ldc)
    } else {
      ScatteredRows<SIMD4<Float>, 4>.multiply(packedA, m, n, k, b, offsets, c, ldc)
    }
  #endif
}

/// Tiles of at most `most` rows and two vectors.
private enum ScatteredRows<Vector: KernelVector, let most: Int> where Vector.Scalar == Float {
  static var step: Int { Vector.scalarCount }

  static func forEachTile(_ m: Int, _ body: (_ row: Int, _ count: Int) -> Void) {
    var tiles = EvenTiles(height: m, most: most)
    while let (row, count) = tiles.next() { body(row, count) }
  }

  /// Panel by panel: of each of B's rows a panel needs two vectors, which the tiles after the first find in a cache; in the
  /// first level's, unless the depth is several hundred.
  static func multiply(
    _ packedA: UnsafePointer<Float>, _ m: Int, _ n: Int, _ k: Int, _ b: UnsafePointer<Float>,
    _ offsets: UnsafePointer<Int>, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    var column = 0
    while column < n {
      var tiles = EvenTiles(height: m, most: most)
      while let (row, count) = tiles.next() {
        TileHeights<most>.run(
          count,
          RowsCall<Vector>(
            depth: k, a: packedA + row &* k, b: b + column, offsets: offsets, c: c + (row &* ldc &+ column),
            ldc: ldc, isWide: n &- column > Vector.scalarCount))
      }
      column &+= 2 &* Vector.scalarCount
    }
  }
}

/// One tile of C.
private struct RowsCall<Vector: KernelVector>: TileHeightCall where Vector.Scalar == Float {
  let depth: Int
  let a, b: UnsafePointer<Float>
  let offsets: UnsafePointer<Int>
  let c: UnsafeMutablePointer<Float>
  let ldc: Int
  let isWide: Bool

  @inline(__always)
  func run<let rows: Int>(
    _ narrow: MicroKernel<Vector, rows, 1>.Type, _ wide: MicroKernel<Vector, rows, 2>.Type
  ) {
    if isWide {
      wide.scattered(depth: depth, a: a, b: b, offsets: offsets, c: c, cStep: ldc)
    } else {
      narrow.scattered(depth: depth, a: a, b: b, offsets: offsets, c: c, cStep: ldc)
    }
  }
}

extension MicroKernel {
  /// C ← A · B, where A is packed and row p of B begins at `b + offsets[p]`.
  @inline(never)
  static func scattered(
    depth: Int, a: UnsafePointer<Scalar>, b: UnsafePointer<Scalar>, offsets: UnsafePointer<Int>,
    c: UnsafeMutablePointer<Scalar>, cStep: Int
  ) {
    var sums = Tile { _ in InlineArray { _ in Vector() } }
    var a = a
    for p in 0..<depth {
      add(a, 1, b + offsets[p], to: &sums)
      a += rows
    }
    let one = Vector(repeating: 1)
    store(sums, one, c, cStep, from: 0)
    store(sums, one, c, cStep, from: 4)
    store(sums, one, c, cStep, from: 8)
  }
}
