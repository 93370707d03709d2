extension Matrix {
  /// The X of least norm among those that minimise |self · X − B|, column by column.
  ///
  ///     X = V · diag(1/s) · Uᵀ · B, over the singular values s that are not zero
  ///
  /// | value  | shape    |
  /// |--------|----------|
  /// | `self` | `[m, n]` |
  /// | `b`    | `[m, k]` |
  /// | X      | `[n, k]` |
  ///
  /// The matrix may be tall, wide or of any rank. Singular values not above max(m, n) times the precision times the
  /// largest one count as zero.
  ///
  /// Golub and Van Loan, "Matrix Computations", 4th edition, section 5.5.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if `b` has other rows than the matrix;
  ///   ``MatrixError/noConvergence(operation:)``; ``MatrixError/notFinite(operation:got:)``.
  public func leastSquares(_ b: Matrix) throws(MatrixError) -> Matrix {
    let operation = "Matrix.leastSquares"
    try requireRows(of: b, operation)
    try requireFinite(operation)
    try b.requireFinite(operation, name: "b")
    var x = Matrix(repeating: 0, rows: columns, columns: b.columns)
    if isEmpty || b.isEmpty { return x }
    var copy = elements
    try Scalar.factorizations(of: BLAS.backend).leastSquares(
      rows: rows, columns: columns, rightHandSides: b.columns, a: &copy, b: b.elements, x: &x.elements)
    return x
  }

  /// The x of least norm among those that minimise |self · x − b|; see ``leastSquares(_:)-(Matrix<Scalar>)``.
  public func leastSquares(_ b: [Scalar]) throws(MatrixError) -> [Scalar] {
    try leastSquares(Matrix(b.count, 1, b)).elements
  }
}
