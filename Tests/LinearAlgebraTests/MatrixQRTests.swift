import LinearAlgebra
import TestSupport
import Testing

@Suite("QR factors", .onEveryBackend)
struct MatrixQRTests {
  private func check<Scalar: BLASScalar>(_ a: Matrix<Scalar>) throws {
    let (q, r) = try a.qr()
    let rank = min(a.rows, a.columns)
    #expect((q.rows, q.columns, r.rows, r.columns) == (a.rows, rank, rank, a.columns))
    #expect(try (q * r - a).norm <= a.bound * a.norm)
    #expect(try (q.transposedProduct(q) - .identity(rank)).norm <= a.bound)
    for i in 0..<rank {
      for j in 0..<i { #expect(r[i, j] == 0) }
    }
  }

  @Test("reconstruction, orthogonality, triangular shape", arguments: shapes)
  func properties(rows: Int, columns: Int) throws {
    try check(Matrix<Float>.random(rows, columns, seed: 9))
    try check(Matrix<Double>.random(rows, columns, seed: 9))
  }

  @Test("matrices of low rank and of zeros")
  func lowRank() throws {
    try check(Matrix<Float>.random(8, 5, rank: 2, seed: 10))
    try check(Matrix<Double>.random(5, 8, rank: 2, seed: 10))
    try check(Matrix<Double>(repeating: 0, rows: 4, columns: 3))
  }

  @Test("signs are LAPACK's")
  func signs() throws {
    // numpy.linalg.qr([[3, 1], [4, 2]]) gives R = [[-5, -2.2], [0, 0.4]].
    let (_, r) = try Matrix<Double>([[3, 1], [4, 2]]).qr()
    expectClose(r.elements, [-5, -2.2, 0, 0.4], tolerance: 1e-15)
  }

  @Test("NaN is refused")
  func notFinite() {
    #expect(throws: MatrixError.notFinite(operation: "Matrix.qr", got: "nan at [0, 1] of the matrix")) {
      try Matrix<Float>([[1, .nan]]).qr()
    }
  }
}
