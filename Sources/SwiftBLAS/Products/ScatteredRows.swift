import CTargetFeatures

// Products with a matrix whose rows lie anywhere in memory, given by where each begins. Of an image within its margins, the
// pixels under one element of a kernel are such a row, window by window: a convolution needs no copy of them.
//
// As in `gemm`, each element's sum has an order that follows from the depth alone.

/// The columns that ``gemm(packedA:m:n:k:b:offsets:c:ldc:)`` computes at least and by which it goes on: a vector.
public var scatteredColumnStep: Int {
  #if arch(arm64)
    4
  #else
    target_has_avx512() != 0 ? 16 : target_has_avx2() != 0 ? 8 : 4
  #endif
}

/// Copies A, `m` rows of `k` elements, into the order in which ``gemm(packedA:m:n:k:b:offsets:c:ldc:)`` reads it.
///
/// - Parameters:
///   - element: Element p of row i.
///   - target: Room for `m · k` elements.
public func packRows(
  m: Int, k: Int, to target: UnsafeMutablePointer<Float>, _ element: (_ i: Int, _ p: Int) -> Float
) {
  var tiles = EvenTiles(height: m, most: scatteredTileRows)
  while let (row, count) = tiles.next() {
    var place = target + row * k
    for p in 0..<k {
      for i in 0..<count { place[i] = element(row + i, p) }
      place += count
    }
  }
}

/// C ← A · B for an A in the order of ``packRows(m:k:to:_:)`` and a B whose row p begins at `b + offsets[p]`.
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
    BlockedProduct<SIMD4<Float>, 12, 2>.multiplyScattered(packedA, m, n, k, b, offsets, c, ldc)
  #else
    if target_has_avx512() != 0 {
      BlockedProduct<SIMD16<Float>, 12, 2>.multiplyScattered(packedA, m, n, k, b, offsets, c, ldc)
    } else if target_has_avx2() != 0 {
      BlockedProduct<SIMD8<Float>, 6, 2>.multiplyScattered(packedA, m, n, k, b, offsets, c, ldc)
    } else {
      BlockedProduct<SIMD4<Float>, 4, 2>.multiplyScattered(packedA, m, n, k, b, offsets, c, ldc)
    }
  #endif
}

private var scatteredTileRows: Int {
  #if arch(arm64)
    12
  #else
    target_has_avx512() != 0 ? 12 : target_has_avx2() != 0 ? 6 : 4
  #endif
}

extension BlockedProduct where Scalar == Float {
  /// Panel by panel, so that the parts of B's rows that a panel needs stay in the first-level cache.
  fileprivate static func multiplyScattered(
    _ packedA: UnsafePointer<Float>, _ m: Int, _ n: Int, _ k: Int, _ b: UnsafePointer<Float>,
    _ offsets: UnsafePointer<Int>, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    var column = 0
    while column < n {
      let vectorCount = min(vectors, padded(n &- column) / Vector.scalarCount)
      var tiles = EvenTiles(height: m, most: rows)
      while let (row, count) = tiles.next() {
        run(
          TileCall(
            depth: k, alpha: 1, a: packedA + row &* k, rowStep: 1, depthStep: count, b: b + column, bStep: 0,
            beta: 0, c: c + (row &* ldc &+ column), cStep: ldc, offsets: offsets), count, vectorCount)
      }
      column &+= panel
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
    var sums = Tile(repeating: .init(repeating: Vector()))
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
