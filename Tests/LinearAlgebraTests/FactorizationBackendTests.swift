import LinearAlgebra
import TestSupport
import Testing

@Suite("Factorizations of all backends agree")
struct FactorizationBackendTests {
  /// What `compute` gives on the first backend of this build, and on each other one.
  private func onAll<Result>(_ compute: () throws -> Result) throws -> (first: Result, others: [Result]) {
    let results = try BLAS.available.map { try BLAS.$backend.withValue($0, operation: compute) }
    return (results[0], Array(results.dropFirst()))
  }

  private func check<Scalar: BLASScalar>(_ type: Scalar.Type, _ rows: Int, _ columns: Int) throws {
    let a = try Matrix<Scalar>.random(rows, columns, seed: 13)
    let b = try Matrix<Scalar>.random(rows, 3, seed: 14)
    let values = try onAll { try a.svd().singularValues }
    // The condition of A magnifies what differs in its factors and solutions, but not in its singular values.
    let condition = Double((values.first.first ?? 1) / (values.first.last ?? 1))
    let close = Double(a.bound)
    for s in values.others { expectClose(s, values.first, tolerance: close, "singular values") }

    let solutions = try onAll { try rows == columns ? a.solve(b) : a.leastSquares(b) }
    for x in solutions.others { expectClose(x, solutions.first, tolerance: close * condition, "solution") }

    let factors = try onAll { try a.qr() }
    for (q, r) in factors.others {
      expectClose(q, factors.first.q, tolerance: close * condition, "Q")
      expectClose(r, factors.first.r, tolerance: close * condition, "R")
    }

    // U and Vᵀ are determined up to signs: the parts sᵢ · uᵢ · vᵢᵀ are not.
    let parts = try onAll {
      let (u, s, vt) = try a.svd()
      return try (u.transposed.scaledRows(by: s)).transposed * vt
    }
    for part in parts.others { expectClose(part, parts.first, tolerance: close, "U · diag(s) · Vᵀ") }
  }

  @Test("on full rank", arguments: [(1, 1), (1, 6), (6, 1), (5, 5), (9, 4), (4, 9), (30, 30), (60, 20)])
  func fullRank(rows: Int, columns: Int) throws {
    try check(Float.self, rows, columns)
    try check(Double.self, rows, columns)
  }

  @Test("on low rank, with the same rank found")
  func lowRank() throws {
    for (rows, columns) in [(12, 7), (7, 12)] {
      let a = try Matrix<Double>.random(rows, columns, rank: 3, seed: 15)
      let b = try Matrix<Double>.random(rows, 2, seed: 16)
      let solutions = try onAll { try a.leastSquares(b) }
      for x in solutions.others { expectClose(x, solutions.first, tolerance: 1e-11) }
    }
  }

  @Test("a backend follows the task, also when observed")
  func followsTheTask() {
    for backend in BLAS.available {
      let observed = ProductLog(backend).backend
      #expect(type(of: observed.factorizations) == type(of: backend.factorizations))
    }
    #expect(SwiftBackend().factorizations is SwiftFactorizations)
  }
}
