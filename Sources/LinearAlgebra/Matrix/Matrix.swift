/// A matrix of `Float` or `Double`: a value, stored row by row.
///
///     let a = try Matrix<Double>([[2, 1], [1, 3]])
///     let x = try a.solve([3, 5])        // [0.8, 1.4]
///     let b = try a.product(x)           // [3, 5], but for rounding
///
/// Products and factorizations run on the backend in force (``BLAS/backend``). Sizes of zero are legal. Operations
/// throw a ``MatrixError`` where shapes do not fit; an index outside the matrix is a programming error, as it is for
/// an array.
public struct Matrix<Scalar: BLASScalar>: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row by row: element (i, j) is the one at i · `columns` + j.
  public internal(set) var elements: [Scalar]

  /// A matrix with the given elements, row by row.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if there are not `rows` · `columns` elements.
  public init(rows: Int, columns: Int, elements: [Scalar]) throws(MatrixError) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows >= 0, columns >= 0, !overflow, elements.count == count else {
      throw .shapes(
        operation: "Matrix.init", expected: "\(rows) · \(columns) elements", got: "\(elements.count)")
    }
    self.init(rows, columns, elements)
  }

  /// A matrix with the given rows; none make the empty matrix of 0 rows and 0 columns.
  ///
  /// - Throws: ``MatrixError/shapes(operation:expected:got:)`` if the rows are not of one length.
  public init(_ rows: [[Scalar]]) throws(MatrixError) {
    let columns = rows.first?.count ?? 0
    if let ragged = rows.firstIndex(where: { $0.count != columns }) {
      throw .shapes(
        operation: "Matrix.init", expected: "\(columns) elements in every row",
        got: "\(rows[ragged].count) in row \(ragged)")
    }
    self.init(rows.count, columns, Array(rows.joined()))
  }

  /// A matrix with `value` everywhere; sizes are not negative.
  @inlinable
  public init(repeating value: Scalar, rows: Int, columns: Int) {
    self.init(rows, columns, Array(repeating: value, count: rows * columns))
  }

  /// The n × n matrix with ones on its diagonal and zeros elsewhere.
  public static func identity(_ n: Int) -> Matrix {
    var identity = Matrix(repeating: 0, rows: n, columns: n)
    for i in 0..<n { identity.elements[i * n + i] = 1 }
    return identity
  }

  /// A matrix whose sizes are known to fit.
  @usableFromInline
  init(_ rows: Int, _ columns: Int, _ elements: [Scalar]) {
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  /// Whether the matrix has no elements.
  public var isEmpty: Bool { elements.isEmpty }

  /// The element in the given row and column, both counted from 0.
  public subscript(row: Int, column: Int) -> Scalar {
    get { elements[index(row, column)] }
    set { elements[index(row, column)] = newValue }
  }

  private func index(_ row: Int, _ column: Int) -> Int {
    precondition(0..<rows ~= row && 0..<columns ~= column, "[\(row), \(column)] is outside \(shape)")
    return row * columns + column
  }

  /// The matrix with rows and columns exchanged: element (j, i) is this one's (i, j).
  ///
  /// A product takes a transposed factor without this copy: ``transposedProduct(_:)-(Matrix<Scalar>)`` and
  /// ``product(transposed:)``.
  @inlinable
  public var transposed: Matrix {
    var result = [Scalar](repeating: 0, count: elements.count)
    for i in 0..<rows {
      for j in 0..<columns { result[j * rows + i] = elements[i * columns + j] }
    }
    return Matrix(columns, rows, result)
  }

  /// What messages call the size: "[2, 3]".
  var shape: String { "[\(rows), \(columns)]" }
}

extension Matrix: CustomStringConvertible {
  /// The elements as nested rows, a line for each: "[[1.0, 2.0],\n [3.0, 4.0]]".
  public var description: String {
    let lines = (0..<rows).map { row in
      "[" + elements[row * columns..<(row + 1) * columns].map { "\($0)" }.joined(separator: ", ") + "]"
    }
    return "[" + lines.joined(separator: ",\n ") + "]"
  }
}
