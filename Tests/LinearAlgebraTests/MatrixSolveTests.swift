import LinearAlgebra
import TestSupport
import Testing

@Suite("Linear equations", .onEveryBackend)
struct MatrixSolveTests {
  private func check<Scalar: BLASScalar>(_ type: Scalar.Type, _ n: Int, _ count: Int) throws {
    let (a, b) = try (Matrix<Scalar>.random(n, n, seed: 4), Matrix<Scalar>.random(n, count, seed: 5))
    let x = try a.solve(b)
    #expect((x.rows, x.columns) == (n, count))
    #expect(try (a * x - b).norm <= a.bound * (a.norm * x.norm + b.norm))
  }

  @Test("residuals", arguments: [0, 1, 2, 5, 16, 50, 120])
  func residuals(n: Int) throws {
    for count in [0, 1, 3, 20] {
      try check(Float.self, n, count)
      try check(Double.self, n, count)
    }
  }

  @Test("worked by hand; a zero in the corner needs an exchange")
  func byHand() throws {
    try expectClose(Matrix<Double>([[2, 1], [1, 3]]).solve([3, 5]), [0.8, 1.4], tolerance: 1e-15)
    #expect(try Matrix<Double>([[0, 2], [4, 0]]).solve([6, 8]) == [2, 3])
    #expect(try Matrix<Float>([[4]]).solve([2]) == [0.5])
  }

  @Test("the argument is left alone")
  func values() throws {
    let a = try Matrix<Double>([[2, 1], [1, 3]])
    let b = try Matrix<Double>([[3], [5]])
    _ = try a.solve(b)
    #expect(try a == Matrix([[2, 1], [1, 3]]))
    #expect(try b == Matrix([[3], [5]]))
  }

  @Test("a singular matrix names its pivot")
  func singular() {
    #expect(throws: MatrixError.singular(operation: "Matrix.solve", pivot: 1)) {
      try Matrix<Double>([[1, 2], [2, 4]]).solve([1, 2])
    }
    #expect(throws: MatrixError.singular(operation: "Matrix.solve", pivot: 0)) {
      try Matrix<Float>(repeating: 0, rows: 3, columns: 3).solve([1, 2, 3])
    }
  }

  @Test("shapes that do not fit are refused")
  func refused() {
    let wide = Matrix<Float>(repeating: 1, rows: 2, columns: 3)
    #expect(
      throws: MatrixError.shapes(operation: "Matrix.solve", expected: "a square matrix", got: "[2, 3]")
    ) {
      try wide.solve([1, 2])
    }
    #expect(
      throws: MatrixError.shapes(
        operation: "Matrix.solve", expected: "b of 2 rows for [2, 2]", got: "[3, 1]")
    ) {
      try Matrix<Float>.identity(2).solve([1, 2, 3])
    }
  }

  @Test("NaN and infinity are refused, with their place")
  func notFinite() throws {
    let a = try Matrix<Double>([[1, 0], [.nan, 1]])
    #expect(
      throws: MatrixError.notFinite(operation: "Matrix.solve", got: "nan at [1, 0] of the matrix")
    ) { try a.solve([1, 2]) }
    #expect(throws: MatrixError.notFinite(operation: "Matrix.solve", got: "-inf at [1, 0] of b")) {
      try Matrix<Float>.identity(2).solve([1, -.infinity])
    }
  }
}
