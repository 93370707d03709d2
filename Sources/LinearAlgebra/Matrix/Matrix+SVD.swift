extension Matrix {
  /// The reduced singular value decomposition self = U · diag(s) · Vᵀ.
  ///
  /// With r = min(m, n):
  ///
  /// | value            | shape    |                                      |
  /// |------------------|----------|--------------------------------------|
  /// | `self`           | `[m, n]` |                                      |
  /// | `u`              | `[m, r]` | orthonormal columns: Uᵀ · U = I      |
  /// | `singularValues` | r        | not negative, in descending order    |
  /// | `vTransposed`    | `[r, n]` | orthonormal rows                     |
  ///
  /// A column of U and its row of Vᵀ are determined up to a common sign, which depends on the backend; those of equal
  /// singular values up to a common rotation.
  ///
  /// LAPACK divides and conquers (`gesdd`); in pure Swift, one-sided Jacobi rotations: Golub and Van Loan, "Matrix
  /// Computations", 4th edition, section 8.6.
  ///
  /// - Throws: ``MatrixError/noConvergence(operation:)``; ``MatrixError/notFinite(operation:got:)``.
  public func svd() throws(MatrixError) -> (u: Matrix, singularValues: [Scalar], vTransposed: Matrix) {
    try requireFinite("Matrix.svd")
    let rank = min(rows, columns)
    var u = Matrix(repeating: 0, rows: rows, columns: rank)
    var singularValues = [Scalar](repeating: 0, count: rank)
    var vTransposed = Matrix(repeating: 0, rows: rank, columns: columns)
    if isEmpty { return (u, singularValues, vTransposed) }
    try Scalar.factorizations(of: BLAS.backend).svd(
      rows: rows, columns: columns, a: elements, u: &u.elements, s: &singularValues,
      vTransposed: &vTransposed.elements)
    return (u, singularValues, vTransposed)
  }
}
