import LinearAlgebra
import TestSupport
import Testing

@Suite("Least squares", .onEveryBackend)
struct MatrixLeastSquaresTests {
  /// The residual is orthogonal to A's columns, and X to A's null space: X = Aᵀ · Y for some Y.
  private func check<Scalar: BLASScalar>(_ a: Matrix<Scalar>, count: Int = 2) throws {
    let b = try Matrix<Scalar>.random(a.rows, count, seed: 6)
    let x = try a.leastSquares(b)
    #expect((x.rows, x.columns) == (a.columns, count))
    let residual = try a * x - b
    #expect(try a.transposedProduct(residual).norm <= 4 * a.bound * a.norm * (a.norm * x.norm + b.norm))
    // The part of X in A's row space, which is spanned by the rows of Vᵀ whose singular values are not zero.
    let (_, s, vt) = try a.svd()
    let kept = s.map { $0 > a.bound * (s.first ?? 0) ? 1 : 0 } as [Scalar]
    let projected = try vt.transposedProduct(vt.scaledRows(by: kept) * x)
    #expect(try (projected - x).norm <= 1000 * a.bound * x.norm)
  }

  @Test("tall, wide, square, empty", arguments: shapes)
  func properties(rows: Int, columns: Int) throws {
    try check(Matrix<Float>.random(rows, columns, seed: 7))
    try check(Matrix<Double>.random(rows, columns, seed: 7))
    try check(Matrix<Double>.random(rows, columns, seed: 7), count: 0)
  }

  @Test("matrices of low rank have the solution of least norm")
  func lowRank() throws {
    for (rows, columns) in [(12, 7), (7, 12), (9, 9)] {
      try check(Matrix<Float>.random(rows, columns, rank: 3, seed: 8))
      try check(Matrix<Double>.random(rows, columns, rank: 3, seed: 8))
    }
    #expect(try Matrix<Float>(repeating: 0, rows: 3, columns: 2).leastSquares([1, 2, 3]) == [0, 0])
    // x + y = 2: the point nearest the origin.
    try expectClose(Matrix<Double>([[1, 1]]).leastSquares([2]), [1, 1], tolerance: 1e-15)
  }

  @Test("a line through points, worked by hand")
  func line() throws {
    // y = 1 + 2x through (0, 1), (1, 3), (2, 5); then the best one, y = 7/6 + 3/2 · x, through (0, 1), (1, 3), (2, 4).
    let a = try Matrix<Double>([[1, 0], [1, 1], [1, 2]])
    try expectClose(a.leastSquares([1, 3, 5]), [1, 2], tolerance: 1e-14)
    try expectClose(a.leastSquares([1, 3, 4]), [7.0 / 6, 1.5], tolerance: 1e-14)
  }

  @Test("without equations the answer is zero")
  func noEquations() throws {
    #expect(try Matrix<Double>(repeating: 1, rows: 0, columns: 3).leastSquares([]) == [0, 0, 0])
    #expect(try Matrix<Double>(repeating: 1, rows: 2, columns: 0).leastSquares([1, 2]) == [])
  }

  @Test("bad input is refused")
  func refused() {
    let a = Matrix<Float>(repeating: 1, rows: 3, columns: 2)
    #expect(
      throws: MatrixError.shapes(
        operation: "Matrix.leastSquares", expected: "b of 3 rows for [3, 2]", got: "[2, 1]")
    ) { try a.leastSquares([1, 2]) }
    #expect(throws: MatrixError.notFinite(operation: "Matrix.leastSquares", got: "nan at [2, 0] of b")) {
      try a.leastSquares([1, 2, .nan])
    }
    #expect(
      throws: MatrixError.notFinite(operation: "Matrix.leastSquares", got: "inf at [0, 0] of the matrix")
    ) { try (a * .infinity).leastSquares([1, 2, 3]) }
  }
}
