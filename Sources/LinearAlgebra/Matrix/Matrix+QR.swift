extension Matrix {
  /// The reduced factors self = Q · R, by Householder reflections.
  ///
  /// With r = min(m, n):
  ///
  /// | value  | shape    |                                      |
  /// |--------|----------|--------------------------------------|
  /// | `self` | `[m, n]` |                                      |
  /// | `q`    | `[m, r]` | orthonormal columns: Qᵀ · Q = I      |
  /// | `r`    | `[r, n]` | zero below its diagonal              |
  ///
  /// Signs are LAPACK's, so that elements on R's diagonal may be negative. They do not depend on the backend, as long
  /// as no column depends on those before it.
  ///
  /// Golub and Van Loan, "Matrix Computations", 4th edition, section 5.2.
  ///
  /// - Throws: ``MatrixError/notFinite(operation:got:)``.
  /// - Complexity: about 4·m·n·r operations.
  public func qr() throws(MatrixError) -> (q: Matrix, r: Matrix) {
    try requireFinite("Matrix.qr")
    let rank = min(rows, columns)
    var q = Matrix(repeating: 0, rows: rows, columns: rank)
    var r = Matrix(repeating: 0, rows: rank, columns: columns)
    if isEmpty { return (q, r) }
    var copy = elements
    try Scalar.factorizations(of: BLAS.backend).qr(
      rows: rows, columns: columns, a: &copy, q: &q.elements, r: &r.elements)
    return (q, r)
  }
}
