extension Matrix {
  /// The product of two matrices.
  ///
  ///     product[i, j] = Σₚ self[i, p] · other[p, j]
  ///
  /// | value   | shape    |
  /// |---------|----------|
  /// | `self`  | `[m, k]` |
  /// | `other` | `[k, n]` |
  /// | product | `[m, n]` |
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the inner sizes k differ.
  /// - Complexity: 2·m·n·k operations.
  public func product(_ other: Matrix) throws(MatrixError) -> Matrix {
    try multiplied(.none, other, .none, "Matrix.product")
  }

  /// self · otherᵀ, without a transposed copy.
  ///
  /// | value   | shape    |
  /// |---------|----------|
  /// | `self`  | `[m, k]` |
  /// | `other` | `[n, k]` |
  /// | product | `[m, n]` |
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the inner sizes k differ.
  public func product(transposed other: Matrix) throws(MatrixError) -> Matrix {
    try multiplied(.none, other, .transposed, "Matrix.product(transposed:)")
  }

  /// selfᵀ · other, without a transposed copy.
  ///
  /// | value   | shape    |
  /// |---------|----------|
  /// | `self`  | `[k, m]` |
  /// | `other` | `[k, n]` |
  /// | product | `[m, n]` |
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the inner sizes k differ.
  public func transposedProduct(_ other: Matrix) throws(MatrixError) -> Matrix {
    try multiplied(.transposed, other, .none, "Matrix.transposedProduct")
  }

  /// selfᵀ · otherᵀ, without transposed copies.
  ///
  /// | value   | shape    |
  /// |---------|----------|
  /// | `self`  | `[k, m]` |
  /// | `other` | `[n, k]` |
  /// | product | `[m, n]` |
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the inner sizes k differ.
  public func transposedProduct(transposed other: Matrix) throws(MatrixError) -> Matrix {
    try multiplied(.transposed, other, .transposed, "Matrix.transposedProduct(transposed:)")
  }

  /// self · vector: as many elements as the matrix has rows.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if `vector` has not an element for each column.
  public func product(_ vector: [Scalar]) throws(MatrixError) -> [Scalar] {
    try multiplied(.none, Matrix(vector.count, 1, vector), .none, "Matrix.product").elements
  }

  /// selfᵀ · vector: as many elements as the matrix has columns.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if `vector` has not an element for each row.
  public func transposedProduct(_ vector: [Scalar]) throws(MatrixError) -> [Scalar] {
    try multiplied(.transposed, Matrix(vector.count, 1, vector), .none, "Matrix.transposedProduct").elements
  }

  /// The product of two matrices; see ``product(_:)-(Matrix<Scalar>)``.
  public static func * (a: Matrix, b: Matrix) throws(MatrixError) -> Matrix { try a.product(b) }

  /// The product of a matrix and a vector; see ``product(_:)-([Scalar])``.
  public static func * (a: Matrix, x: [Scalar]) throws(MatrixError) -> [Scalar] { try a.product(x) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func multiplied(
    _ transposeA: Transposition, _ other: Matrix, _ transposeB: Transposition, _ operation: String
  ) throws(MatrixError) -> Matrix {
    let (m, k) = transposeA == .none ? (rows, columns) : (columns, rows)
    let (inner, n) = transposeB == .none ? (other.rows, other.columns) : (other.columns, other.rows)
    guard inner == k else {
      throw .shapes(
        operation: operation, expected: transposeB == .none ? "[\(k), n]" : "[n, \(k)]",
        got: "\(other.shape) beside \(shape)")
    }
    var product = Matrix(repeating: 0, rows: m, columns: n)
    BLAS.gemm(
      transposeA, transposeB, m: m, n: n, k: k, a: elements, lda: columns, b: other.elements,
      ldb: other.columns, c: &product.elements, ldc: n)
    return product
  }
}
