// Products with a matrix whose elements are vectors that lie anywhere in memory. Where each pixel of an image has the values of
// several examples side by side, a convolution is such a product: every window has its pixels at the same distances.
//
// As in `gemm`, each element's sum has an order that follows from the depth alone.

/// One depth of a product with scattered vectors.
public struct ScatteredTerm {
  /// The column of A.
  public var column: Int
  /// Where B has its vector, counted from the first of a column of B.
  public var offset: Int

  public init(column: Int, offset: Int) { (self.column, self.offset) = (column, offset) }
}

/// One column of a product with scattered vectors.
public struct ScatteredColumn {
  /// What a term's offset is counted from in B.
  public var source: Int
  /// Where its vector is in a row of C.
  public var target: Int

  public init(source: Int, target: Int) { (self.source, self.target) = (source, target) }
}

/// C ← A · B for one tile of A and columns of vectors, each of ``scatteredColumnStep`` elements:
///
///     C[i, j] = Σ_t A[i, t.column] · B[j.source + t.offset]        over all terms t
///
/// - Parameters:
///   - a: A tile in the order of ``packRows(m:k:a:lda:to:)``, and `rows` how many rows it has.
///   - ldc: Elements from one row of C to the next.
/// - Complexity: 2 · rows · terms operations for each element of a column.
public func multiply(
  packedTile a: UnsafePointer<Float>, rows: Int, terms: UnsafeBufferPointer<ScatteredTerm>,
  b: UnsafePointer<Float>,
  columns: UnsafeBufferPointer<ScatteredColumn>, c: UnsafeMutablePointer<Float>, ldc: Int
) {
  let call = ScatteredVectorCall(terms: terms, a: a, b: b, columns: columns, c: c, ldc: ldc)
  #if arch(arm64)
    ScatteredVectors<SIMD4<Float>, 12>.multiply(rows, call)
  #else
    if TargetFeatures.hasAVX512 {
      ScatteredVectors<SIMD16<Float>, 12>.multiply(rows, call)
    } else if TargetFeatures.hasAVX2 {
      ScatteredVectors<SIMD8<Float>, 6>.multiply(rows, call)
    } else {
      ScatteredVectors<SIMD4<Float>, 4>.multiply(rows, call)
    }
  #endif
}

/// What the kernels are given.
private struct ScatteredVectorCall {
  let terms: UnsafeBufferPointer<ScatteredTerm>
  let a, b: UnsafePointer<Float>
  let columns: UnsafeBufferPointer<ScatteredColumn>
  let c: UnsafeMutablePointer<Float>
  let ldc: Int
}

/// Tiles of at most `most` rows and two vectors.
private enum ScatteredVectors<Vector: KernelVector, let most: Int> where Vector.Scalar == Float {
  static func multiply(_ rows: Int, _ call: ScatteredVectorCall) {
    switch rows {
    case 1: columns(MicroKernel<Vector, 1, 1>.self, MicroKernel<Vector, 1, 2>.self, call)
    case 2: columns(MicroKernel<Vector, 2, 1>.self, MicroKernel<Vector, 2, 2>.self, call)
    case 3: columns(MicroKernel<Vector, 3, 1>.self, MicroKernel<Vector, 3, 2>.self, call)
    case 4: columns(MicroKernel<Vector, 4, 1>.self, MicroKernel<Vector, 4, 2>.self, call)
    case 5: columns(MicroKernel<Vector, 5, 1>.self, MicroKernel<Vector, 5, 2>.self, call)
    case 6: columns(MicroKernel<Vector, 6, 1>.self, MicroKernel<Vector, 6, 2>.self, call)
    default:
      guard most > 6 else { return }
      switch rows {
      case 7: columns(MicroKernel<Vector, 7, 1>.self, MicroKernel<Vector, 7, 2>.self, call)
      case 8: columns(MicroKernel<Vector, 8, 1>.self, MicroKernel<Vector, 8, 2>.self, call)
      case 9: columns(MicroKernel<Vector, 9, 1>.self, MicroKernel<Vector, 9, 2>.self, call)
      case 10: columns(MicroKernel<Vector, 10, 1>.self, MicroKernel<Vector, 10, 2>.self, call)
      case 11: columns(MicroKernel<Vector, 11, 1>.self, MicroKernel<Vector, 11, 2>.self, call)
      default: columns(MicroKernel<Vector, 12, 1>.self, MicroKernel<Vector, 12, 2>.self, call)
      }
    }
  }

  /// Two columns at a time.
  @inline(__always)
  private static func columns<let rows: Int>(
    _ narrow: MicroKernel<Vector, rows, 1>.Type, _ wide: MicroKernel<Vector, rows, 2>.Type,
    _ call: ScatteredVectorCall
  ) {
    var index = 0
    while index &+ 1 < call.columns.count {
      let (first, second) = (call.columns[index], call.columns[index &+ 1])
      wide.scatteredVectors(
        terms: call.terms, a: call.a, b: call.b + first.source, bStep: second.source &- first.source,
        c: call.c + first.target, cStep: call.ldc, cVectorStep: second.target &- first.target)
      index &+= 2
    }
    if index < call.columns.count {
      let last = call.columns[index]
      narrow.scatteredVectors(
        terms: call.terms, a: call.a, b: call.b + last.source, bStep: 0, c: call.c + last.target,
        cStep: call.ldc, cVectorStep: 0)
    }
  }
}

extension MicroKernel {
  /// C ← A · B, where A is packed, of which each term has a column, and B's vectors for it lie `bStep` apart.
  @inline(never)
  fileprivate static func scatteredVectors(
    terms: UnsafeBufferPointer<ScatteredTerm>, a: UnsafePointer<Scalar>, b: UnsafePointer<Scalar>, bStep: Int,
    c: UnsafeMutablePointer<Scalar>, cStep: Int, cVectorStep: Int
  ) {
    var sums = Tile { _ in InlineArray { _ in Vector() } }
    for term in terms { add(a + term.column &* rows, 1, b + term.offset, vectorStep: bStep, to: &sums) }
    let one = Vector(repeating: 1)
    store(sums, one, c, cStep, vectorStep: cVectorStep, from: 0)
    store(sums, one, c, cStep, vectorStep: cVectorStep, from: 4)
    store(sums, one, c, cStep, vectorStep: cVectorStep, from: 8)
  }
}
