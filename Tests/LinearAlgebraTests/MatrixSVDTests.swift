import LinearAlgebra
import TestSupport
import Testing

@Suite("Singular values", .onEveryBackend)
struct MatrixSVDTests {
  private func check<Scalar: BLASScalar>(_ a: Matrix<Scalar>) throws {
    let (u, s, vt) = try a.svd()
    let rank = min(a.rows, a.columns)
    #expect((u.rows, u.columns, s.count, vt.rows, vt.columns) == (a.rows, rank, rank, rank, a.columns))
    #expect(try (u * vt.scaledRows(by: s) - a).norm <= a.bound * a.norm)
    #expect(try (u.transposedProduct(u) - .identity(rank)).norm <= a.bound)
    #expect(try (vt.product(transposed: vt) - .identity(rank)).norm <= a.bound)
    #expect(s.allSatisfy { $0 >= 0 })
    #expect(zip(s, s.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("reconstruction, orthogonality, order", arguments: shapes)
  func properties(rows: Int, columns: Int) throws {
    try check(Matrix<Float>.random(rows, columns, seed: 11))
    try check(Matrix<Double>.random(rows, columns, seed: 11))
  }

  @Test("matrices of low rank, of zeros, of extreme sizes")
  func lowRank() throws {
    for (rows, columns) in [(12, 7), (7, 12), (9, 9)] {
      let a = try Matrix<Double>.random(rows, columns, rank: 3, seed: 12)
      try check(a)
      try check(1e-250 * a)
      try check(1e30 * Matrix<Float>.random(rows, columns, rank: 3, seed: 12))
      let s = try a.svd().singularValues
      #expect(s.count { $0 > a.bound * (s.first ?? 0) } == 3)
    }
    try check(Matrix<Float>(repeating: 0, rows: 4, columns: 3))
    try check(Matrix<Double>.identity(6))
  }

  @Test("a matrix whose singular values are known")
  func known() throws {
    // AᵀA = [[25, 20], [20, 25]] has the eigenvalues 45 and 5.
    let s = try Matrix<Double>([[3, 0], [4, 5]]).svd().singularValues
    expectClose(s, [45, 5].map { $0.squareRoot() }, tolerance: 1e-15)
  }

  @Test("NaN is refused")
  func notFinite() {
    #expect(throws: MatrixError.notFinite(operation: "Matrix.svd", got: "inf at [1, 0] of the matrix")) {
      try Matrix<Double>([[1], [.infinity]]).svd()
    }
  }
}
