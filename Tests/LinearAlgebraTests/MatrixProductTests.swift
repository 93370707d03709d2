import LinearAlgebra
import TestSupport
import Testing

@Suite("Matrix products", .onEveryBackend)
struct MatrixProductTests {
  /// The definition, sums in the order of p.
  private func naive<Scalar: BLASScalar>(_ a: Matrix<Scalar>, _ b: Matrix<Scalar>) -> Matrix<Scalar> {
    var c = Matrix<Scalar>(repeating: 0, rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        for p in 0..<a.columns { c[i, j] += a[i, p] * b[p, j] }
      }
    }
    return c
  }

  @Test("worked by hand")
  func byHand() throws {
    let a = try Matrix<Double>([[1, 2], [3, 4], [5, 6]])
    let b = try Matrix<Double>([[1, 0, -1], [2, 1, 3]])
    #expect(try a * b == Matrix([[5, 2, 5], [11, 4, 9], [17, 6, 13]]))
    #expect(try a * [1, -1] == [-1, -1, -1])
    #expect(try a.transposedProduct([1, 0, 2]) == [11, 14])
  }

  private func check<Scalar: BLASScalar>(_ type: Scalar.Type, _ m: Int, _ n: Int, _ k: Int) throws {
    let (a, b) = try (Matrix<Scalar>.random(m, k, seed: 2), Matrix<Scalar>.random(k, n, seed: 3))
    let expected = naive(a, b)
    let tolerance = Double(4 * Scalar.ulpOfOne) * Double(k + 4)
    try expectClose(a.product(b), expected, tolerance: tolerance, "a · b")
    try expectClose(a.product(transposed: b.transposed), expected, tolerance: tolerance, "a · bᵀ")
    try expectClose(a.transposed.transposedProduct(b), expected, tolerance: tolerance, "aᵀ · b")
    try expectClose(
      a.transposed.transposedProduct(transposed: b.transposed), expected, tolerance: tolerance, "aᵀ · bᵀ")
  }

  @Test(
    "transposed factors", arguments: [(1, 1, 1), (3, 4, 5), (1, 9, 6), (9, 1, 6), (8, 7, 1), (33, 65, 47)])
  func transposes(m: Int, n: Int, k: Int) throws {
    try check(Float.self, m, n, k)
    try check(Double.self, m, n, k)
  }

  @Test("empty factors")
  func empty() throws {
    let a = Matrix<Float>(repeating: 1, rows: 2, columns: 0)
    #expect(try a * a.transposed == Matrix(repeating: 0, rows: 2, columns: 2))
    #expect(try a.transposed * a == Matrix(repeating: 0, rows: 0, columns: 0))
    #expect(try a * [] == [0, 0])
    #expect(try a.transposed * [1, 2] == [])
  }

  @Test("inner sizes that differ are refused, with both shapes")
  func refused() {
    let a = Matrix<Float>(repeating: 1, rows: 2, columns: 3)
    #expect(
      throws: MatrixError.shapes(operation: "Matrix.product", expected: "[3, n]", got: "[2, 3] beside [2, 3]")
    ) {
      try a * a
    }
    #expect(throws: MatrixError.self) { try a.product(transposed: a.transposed) }
    #expect(throws: MatrixError.self) { try a.transposedProduct(a.transposed) }
    #expect(throws: MatrixError.self) { try a.transposedProduct(transposed: a) }
    #expect(throws: MatrixError.self) { try a * [1, 2] }
    #expect(throws: MatrixError.self) { try a.transposedProduct([1, 2, 3]) }
  }

  @Test("every product goes through the backend, a vector's through gemv")
  func calls() throws {
    let log = ProductLog()
    let a = Matrix<Double>(repeating: 1, rows: 4, columns: 3)
    try BLAS.$backend.withValue(log.backend) {
      _ = try a.transposedProduct(a)
      _ = try a.product(transposed: a)
      _ = try a * [1, 2, 3]
      _ = try a.transposedProduct([1, 2, 3, 4])
    }
    #expect(
      log.products == [
        .gemm(.transposed, .none, m: 3, n: 3, k: 4), .gemm(.none, .transposed, m: 4, n: 4, k: 3),
        .gemv(.none, rows: 4, columns: 3), .gemv(.transposed, rows: 4, columns: 3),
      ])
  }
}
