extension Matrix {
  /// The X of self · X = B, by elimination with partial pivoting (P · self = L · U).
  ///
  /// | value  | shape    |
  /// |--------|----------|
  /// | `self` | `[n, n]` |
  /// | `b`    | `[n, k]` |
  /// | X      | `[n, k]` |
  ///
  /// A matrix that is singular but for rounding is not told apart: compare the residual self · X − B, or look at
  /// the singular values.
  ///
  /// Golub and Van Loan, "Matrix Computations", 4th edition, section 3.4.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the matrix is not square or `b` has other rows;
  ///   ``MatrixError/singular(operation:pivot:)``; ``MatrixError/notFinite(operation:got:)``.
  /// - Complexity: ⅔·n³ + 2·n²·k operations.
  public func solve(_ b: Matrix) throws(MatrixError) -> Matrix {
    let operation = "Matrix.solve"
    guard rows == columns else {
      throw .shapes(operation: operation, expected: "a square matrix", got: shape)
    }
    try requireRows(of: b, operation)
    try requireFinite(operation)
    try b.requireFinite(operation, name: "b")
    var (factors, x) = (elements, b)
    if x.isEmpty { return x }
    try Scalar.factorizations(of: BLAS.backend).solve(
      n: rows, rightHandSides: b.columns, a: &factors, b: &x.elements)
    return x
  }

  /// The x of self · x = b; see ``solve(_:)-(Matrix<Scalar>)``.
  public func solve(_ b: [Scalar]) throws(MatrixError) -> [Scalar] {
    try solve(Matrix(b.count, 1, b)).elements
  }

  /// Throws unless `b` has as many rows as this matrix.
  func requireRows(of b: Matrix, _ operation: String) throws(MatrixError) {
    guard b.rows == rows else {
      throw .shapes(operation: operation, expected: "b of \(rows) rows for \(shape)", got: b.shape)
    }
  }

  /// Throws, naming the first such element, if one is infinite or not a number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func requireFinite(_ operation: String, name: String = "the matrix") throws(MatrixError) {
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(
        operation: operation, got: "\(elements[index]) at [\(index / columns), \(index % columns)] of \(name)"
      )
    }
  }
}
