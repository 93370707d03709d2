/// The reduced singular value decomposition A = U · diag(s) · Vᵀ of any matrix, in single precision.
///
/// With r = min(rows, columns), U is rows × r with orthonormal columns, Vᵀ is r × columns with orthonormal rows, and
/// s holds r numbers ≥ 0 in descending order. Where A has a lower rank, U and V are completed to orthonormal ones.
///
/// One-sided Jacobi rotations: pairs of columns are turned until all are orthogonal; their lengths are then the
/// singular values. Hestenes (1958); Golub and Van Loan, "Matrix Computations", 4th edition, section 8.6.3.
///
/// - Parameters:
///   - rows: Rows of A.
///   - columns: Columns of A.
///   - a: A, row-major with leading dimension `lda`.
///   - lda: Elements from one row of A to the next, at least `columns`.
///   - u: Room for U, row-major with leading dimension `ldu`.
///   - ldu: Elements from one row of U to the next, at least r.
///   - s: Room for r singular values.
///   - vt: Room for Vᵀ, row-major with leading dimension `ldvt`.
///   - ldvt: Elements from one row of Vᵀ to the next, at least `columns`.
/// - Returns: Whether the decomposition was found. It is not for a matrix with elements that are infinite or not
///   numbers; the results are then unspecified.
/// - Complexity: about 6·max(rows, columns)·r² operations a sweep, in general 6 to 10 sweeps.
public func svd(
  rows: Int, columns: Int, a: UnsafePointer<Float>, lda: Int, u: UnsafeMutablePointer<Float>, ldu: Int,
  s: UnsafeMutablePointer<Float>, vt: UnsafeMutablePointer<Float>, ldvt: Int
) -> Bool {
  decompose(rows, columns, a, lda, u, ldu, s, vt, ldvt)
}

/// The reduced singular value decomposition in double precision; see the function for `Float`.
public func svd(
  rows: Int, columns: Int, a: UnsafePointer<Double>, lda: Int, u: UnsafeMutablePointer<Double>, ldu: Int,
  s: UnsafeMutablePointer<Double>, vt: UnsafeMutablePointer<Double>, ldvt: Int
) -> Bool {
  decompose(rows, columns, a, lda, u, ldu, s, vt, ldvt)
}

/// The body of `svd`: works on the columns of A, or of Aᵀ where A is wider than high.
func decompose<Scalar: ProductScalar>(
  _ rows: Int, _ columns: Int, _ a: UnsafePointer<Scalar>, _ lda: Int, _ u: UnsafeMutablePointer<Scalar>,
  _ ldu: Int, _ s: UnsafeMutablePointer<Scalar>, _ vt: UnsafeMutablePointer<Scalar>, _ ldvt: Int
) -> Bool where Scalar.SIMD8Storage: BitwiseCopyable {
  let isTall = rows >= columns
  var jacobi = JacobiRotations<Scalar>(count: min(rows, columns), length: max(rows, columns)) {
    vector, element in
    isTall ? a[element * lda + vector] : a[vector * lda + element]
  }
  guard jacobi.run() else { return false }
  for (j, vector) in jacobi.order.enumerated() {
    s[j] = jacobi.lengths[vector]
    for i in 0..<rows { u[i * ldu + j] = isTall ? jacobi.direction(vector, i) : jacobi.rotation(vector, i) }
    for i in 0..<columns {
      vt[j * ldvt + i] = isTall ? jacobi.rotation(vector, i) : jacobi.direction(vector, i)
    }
  }
  return true
}
