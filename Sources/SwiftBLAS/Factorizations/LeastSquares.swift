/// The X of least norm among those that minimise |A · X − B|, column by column, in single precision.
///
///     X = V · diag(1/s) · Uᵀ · B
///
/// Singular values not above `tolerance` times the largest count as zero.
///
/// - Parameters:
///   - rows: Rows of A and B.
///   - columns: Columns of A, rows of X.
///   - rightHandSides: Columns of B and X.
///   - a: A, row-major with leading dimension `lda`.
///   - lda: Elements from one row of A to the next, at least `columns`.
///   - b: B, row-major with leading dimension `ldb`.
///   - ldb: Elements from one row of B to the next, at least `rightHandSides`.
///   - x: Room for X, row-major with leading dimension `ldx`.
///   - ldx: Elements from one row of X to the next, at least `rightHandSides`.
///   - tolerance: Where zero begins; by default the precision times max(rows, columns).
/// - Returns: The rank found, or `nil` where the decomposition failed: see `svd`.
public func leastSquares(
  rows: Int, columns: Int, rightHandSides: Int, a: UnsafePointer<Float>, lda: Int,
  b: UnsafePointer<Float>, ldb: Int, x: UnsafeMutablePointer<Float>, ldx: Int, tolerance: Float? = nil
) -> Int? {
  minimise(rows, columns, rightHandSides, a, lda, b, ldb, x, ldx, tolerance)
}

/// The X of least norm among those that minimise |A · X − B|, in double precision; see the function for `Float`.
public func leastSquares(
  rows: Int, columns: Int, rightHandSides: Int, a: UnsafePointer<Double>, lda: Int,
  b: UnsafePointer<Double>, ldb: Int, x: UnsafeMutablePointer<Double>, ldx: Int, tolerance: Double? = nil
) -> Int? {
  minimise(rows, columns, rightHandSides, a, lda, b, ldb, x, ldx, tolerance)
}

private func minimise<Scalar: ProductScalar>(
  _ rows: Int, _ columns: Int, _ count: Int, _ a: UnsafePointer<Scalar>, _ lda: Int,
  _ b: UnsafePointer<Scalar>, _ ldb: Int, _ x: UnsafeMutablePointer<Scalar>, _ ldx: Int, _ tolerance: Scalar?
) -> Int? where Scalar.SIMD8Storage: BitwiseCopyable {
  let most = min(rows, columns)
  var u = [Scalar](repeating: 0, count: rows * most)
  var s = [Scalar](repeating: 0, count: most)
  var vt = [Scalar](repeating: 0, count: most * columns)
  guard decompose(rows, columns, a, lda, &u, most, &s, &vt, columns) else { return nil }

  let zero = (s.first ?? 0) * (tolerance ?? Scalar.ulpOfOne * Scalar(max(rows, columns)))
  let rank = s.count { $0 > zero }
  for i in 0..<columns { (x + i * ldx).update(repeating: 0, count: count) }
  var component = [Scalar](repeating: 0, count: count)
  for j in 0..<rank {
    // (uⱼ · B) / sⱼ along vⱼ.
    for column in 0..<count { component[column] = 0 }
    for i in 0..<rows { RowOperations.add(u[i * most + j], b + i * ldb, to: &component, count: count) }
    RowOperations.scale(&component, by: 1 / s[j], count: count)
    for i in 0..<columns { RowOperations.add(vt[j * columns + i], component, to: x + i * ldx, count: count) }
  }
  return rank
}
