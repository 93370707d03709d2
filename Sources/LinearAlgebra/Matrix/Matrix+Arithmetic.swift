extension Matrix {
  /// The sum, element by element.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the two are not of one shape.
  @inlinable
  public static func + (a: Matrix, b: Matrix) throws(MatrixError) -> Matrix {
    try a.requireShape(of: b, "Matrix.+")
    return Matrix(a.rows, a.columns, a.elements.indices.map { a.elements[$0] + b.elements[$0] })
  }

  /// The difference, element by element.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the two are not of one shape.
  @inlinable
  public static func - (a: Matrix, b: Matrix) throws(MatrixError) -> Matrix {
    try a.requireShape(of: b, "Matrix.-")
    return Matrix(a.rows, a.columns, a.elements.indices.map { a.elements[$0] - b.elements[$0] })
  }

  /// The matrix with the sign of every element changed.
  @inlinable
  public static prefix func - (a: Matrix) -> Matrix { Matrix(a.rows, a.columns, a.elements.map { -$0 }) }

  /// The matrix with every element multiplied by `factor`.
  @inlinable
  public static func * (factor: Scalar, a: Matrix) -> Matrix { a * factor }

  /// The matrix with every element multiplied by `factor`.
  @inlinable
  public static func * (a: Matrix, factor: Scalar) -> Matrix {
    Matrix(a.rows, a.columns, a.elements.map { $0 * factor })
  }

  /// The Frobenius norm: the root of the sum of all elements' squares.
  ///
  /// It neither overflows nor vanishes where the result does not. It is not a number where an element is not, else
  /// infinite where an element is.
  @inlinable
  public var norm: Scalar {
    var largest: Scalar = 0
    for element in elements {
      if element.isNaN { return .nan }
      largest = max(largest, element.magnitude)
    }
    guard largest > 0, largest.isFinite else { return largest }
    // Divided by a power of two, no digit is lost; summed row by row, rounding errors grow with rows + columns.
    let scale = largest.binade
    var sum: Scalar = 0
    for row in 0..<rows {
      var sumOfRow: Scalar = 0
      for element in elements[row * columns..<(row + 1) * columns] {
        let scaled = element / scale
        sumOfRow += scaled * scaled
      }
      sum += sumOfRow
    }
    return sum.squareRoot() * scale
  }

  /// Throws unless `other` has as many rows and columns as this matrix.
  @usableFromInline
  func requireShape(of other: Matrix, _ operation: String) throws(MatrixError) {
    guard (rows, columns) == (other.rows, other.columns) else {
      throw .shapes(operation: operation, expected: shape, got: other.shape)
    }
  }
}
