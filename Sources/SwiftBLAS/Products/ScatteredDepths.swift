/// C ← C + A · B for an A and a B of which any depths count, in any order:
///
///     C[i, j] += Σ_t a[i · rowStep + t.column] · B[t.offset, j]        over all terms t
///
/// - Parameters:
///   - terms: The offset of each is that of a row of `packedB`'s first ``packedColumnStep`` columns, in elements.
///   - packedB: In the order of ``packColumns(transposed:k:n:b:ldb:to:depth:)``, `depth` deep.
///   - n: Columns; C is updated up to the next multiple of ``packedColumnStep``.
///   - ldc: Elements from one row of C to the next, at least that multiple.
/// - Complexity: 2·m·n·terms operations.
public func addProduct(
  a: UnsafePointer<Float>, rowStep: Int, m: Int, n: Int, terms: UnsafeBufferPointer<ScatteredTerm>,
  packedB: UnsafePointer<Float>, depth: Int, c: UnsafeMutablePointer<Float>, ldc: Int
) {
  func add<Vector: KernelVector, let most: Int>(_ product: ScatteredDepths<Vector, most>.Type) {
    product.add(m, n, depth, DepthsCall(a: a, rowStep: rowStep, terms: terms, b: packedB, c: c, ldc: ldc))
  }
  #if arch(arm64)
    add(ScatteredDepths<SIMD4<Float>, 12>.self)
  #else
    if TargetFeatures.hasAVX512 {
      add(ScatteredDepths<SIMD16<Float>, 12>.self)
    } else if TargetFeatures.hasAVX2 {
      add(ScatteredDepths<SIMD8<Float>, 6>.self)
    } else {
      add(ScatteredDepths<SIMD4<Float>, 4>.self)
    }
  #endif
}

/// One tile of C.
private struct DepthsCall<Vector: KernelVector>: TileHeightCall where Vector.Scalar == Float {
  var a: UnsafePointer<Float>
  let rowStep: Int
  let terms: UnsafeBufferPointer<ScatteredTerm>
  var b: UnsafePointer<Float>
  var c: UnsafeMutablePointer<Float>
  let ldc: Int

  @inline(__always)
  func run<let rows: Int>(
    _ narrow: MicroKernel<Vector, rows, 1>.Type, _ wide: MicroKernel<Vector, rows, 2>.Type
  ) {
    wide.addScattered(terms: terms, a: a, rowStep: rowStep, b: b, c: c, cStep: ldc)
  }
}

/// Tiles of at most `most` rows and two vectors.
private enum ScatteredDepths<Vector: KernelVector, let most: Int> where Vector.Scalar == Float {
  static func add(_ m: Int, _ n: Int, _ depth: Int, _ call: DepthsCall<Vector>) {
    for column in stride(from: 0, to: n, by: 2 &* Vector.scalarCount) {
      var tiles = EvenTiles(height: m, most: most)
      while let (row, count) = tiles.next() {
        var tile = call
        tile.a = call.a + row &* call.rowStep
        tile.b = call.b + column &* depth
        tile.c = call.c + (row &* call.ldc &+ column)
        TileHeights<most>.run(count, tile)
      }
    }
  }
}

extension MicroKernel where Scalar == Float {
  /// C ← C + A · B over the depths of the terms.
  @inline(never)
  fileprivate static func addScattered(
    terms: UnsafeBufferPointer<ScatteredTerm>, a: UnsafePointer<Float>, rowStep: Int, b: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, cStep: Int
  ) {
    var sums = Tile { _ in InlineArray { _ in Vector() } }
    for term in terms { add(a + term.column, rowStep, b + term.offset, to: &sums) }
    update(c, step: cStep, alpha: 1, with: sums, beta: 1)
  }
}
