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
  b: UnsafePointer<Float>, columns: UnsafeBufferPointer<ScatteredColumn>, c: UnsafeMutablePointer<Float>,
  ldc: Int
) {
  func run<Vector: KernelVector, let most: Int>(_ vector: Vector.Type, _ heights: TileHeights<most>.Type)
  where Vector.Scalar == Float {
    heights.run(rows, VectorsCall<Vector>(terms: terms, a: a, b: b, columns: columns, c: c, ldc: ldc))
  }
  #if arch(arm64)
    run(SIMD4<Float>.self, TileHeights<12>.self)
  #else
    if TargetFeatures.hasAVX512 {
      run(SIMD16<Float>.self, TileHeights<12>.self)
    } else if TargetFeatures.hasAVX2 {
      run(SIMD8<Float>.self, TileHeights<6>.self)
    } else {
      run(SIMD4<Float>.self, TileHeights<4>.self)
    }
  #endif
}

/// The columns of a tile, two at a time.
private struct VectorsCall<Vector: KernelVector>: TileHeightCall where Vector.Scalar == Float {
  let terms: UnsafeBufferPointer<ScatteredTerm>
  let a, b: UnsafePointer<Float>
  let columns: UnsafeBufferPointer<ScatteredColumn>
  let c: UnsafeMutablePointer<Float>
  let ldc: Int

  @inline(__always)
  func run<let rows: Int>(
    _ narrow: MicroKernel<Vector, rows, 1>.Type, _ wide: MicroKernel<Vector, rows, 2>.Type
  ) {
    var index = 0
    while index &+ 1 < columns.count {
      let (first, second) = (columns[index], columns[index &+ 1])
      wide.scatteredVectors(
        terms: terms, a: a, b: b + first.source, bStep: second.source &- first.source, c: c + first.target,
        cStep: ldc, cVectorStep: second.target &- first.target)
      index &+= 2
    }
    if index < columns.count {
      let last = columns[index]
      narrow.scatteredVectors(
        terms: terms, a: a, b: b + last.source, bStep: 0, c: c + last.target, cStep: ldc, cVectorStep: 0)
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
