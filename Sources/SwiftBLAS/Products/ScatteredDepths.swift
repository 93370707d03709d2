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
  let call = DepthsCall(a: a, rowStep: rowStep, terms: terms, b: packedB, c: c, ldc: ldc)
  #if arch(arm64)
    ScatteredDepths<SIMD4<Float>, 12>.add(m, n, depth, call)
  #else
    if TargetFeatures.hasAVX512 {
      ScatteredDepths<SIMD16<Float>, 12>.add(m, n, depth, call)
    } else if TargetFeatures.hasAVX2 {
      ScatteredDepths<SIMD8<Float>, 6>.add(m, n, depth, call)
    } else {
      ScatteredDepths<SIMD4<Float>, 4>.add(m, n, depth, call)
    }
  #endif
}

/// What the kernels are given.
private struct DepthsCall {
  var a: UnsafePointer<Float>
  var rowStep: Int
  var terms: UnsafeBufferPointer<ScatteredTerm>
  var b: UnsafePointer<Float>
  var c: UnsafeMutablePointer<Float>
  var ldc: Int
}

/// Tiles of at most `most` rows and two vectors.
private enum ScatteredDepths<Vector: KernelVector, let most: Int> where Vector.Scalar == Float {
  static func add(_ m: Int, _ n: Int, _ depth: Int, _ call: DepthsCall) {
    for column in stride(from: 0, to: n, by: 2 &* Vector.scalarCount) {
      var tiles = EvenTiles(height: m, most: most)
      while let (row, count) = tiles.next() {
        var tile = call
        tile.a = call.a + row &* call.rowStep
        tile.b = call.b + column &* depth
        tile.c = call.c + (row &* call.ldc &+ column)
        run(count, tile)
      }
    }
  }

  private static func run(_ rows: Int, _ call: DepthsCall) {
    switch rows {
    case 1: MicroKernel<Vector, 1, 2>.addScattered(call)
    case 2: MicroKernel<Vector, 2, 2>.addScattered(call)
    case 3: MicroKernel<Vector, 3, 2>.addScattered(call)
    case 4: MicroKernel<Vector, 4, 2>.addScattered(call)
    case 5: MicroKernel<Vector, 5, 2>.addScattered(call)
    case 6: MicroKernel<Vector, 6, 2>.addScattered(call)
    default:
      guard most > 6 else { return }
      switch rows {
      case 7: MicroKernel<Vector, 7, 2>.addScattered(call)
      case 8: MicroKernel<Vector, 8, 2>.addScattered(call)
      case 9: MicroKernel<Vector, 9, 2>.addScattered(call)
      case 10: MicroKernel<Vector, 10, 2>.addScattered(call)
      case 11: MicroKernel<Vector, 11, 2>.addScattered(call)
      default: MicroKernel<Vector, 12, 2>.addScattered(call)
      }
    }
  }
}

extension MicroKernel where Scalar == Float {
  /// C ← C + A · B over the depths of the terms.
  @inline(never)
  fileprivate static func addScattered(_ call: DepthsCall) {
    var sums = Tile { _ in InlineArray { _ in Vector() } }
    for term in call.terms { add(call.a + term.column, call.rowStep, call.b + term.offset, to: &sums) }
    update(call.c, step: call.ldc, alpha: 1, with: sums, beta: 1)
  }
}
