import SwiftBLAS
import Testing

/// Every bound is a small multiple of the precision times the size of the matrix: what backward stability promises.
private func bound<T: Factorized>(_ a: TestMatrix<T>) -> Double {
  20 * Double(T.ulpOfOne) * Double(max(a.rows, a.columns, 1))
}

private let shapes = [
  (0, 0), (0, 3), (3, 0), (1, 1), (1, 6), (6, 1), (2, 2), (5, 5), (9, 4), (4, 9), (40, 40), (70, 23),
  (23, 70),
]

@Suite("Linear equations by LU")
struct LUTests {
  private func check<T: Factorized>(_ type: T.Type) {
    for n in [0, 1, 2, 5, 16, 50] {
      for count in [0, 1, 3, 20] {
        let a = TestMatrix<T>.random(n, n, seed: 8)
        let b = TestMatrix<T>.random(n, count, seed: 9)
        let (x, zeroPivot) = T.solve(a, b)
        #expect(zeroPivot == nil)
        #expect((a * x - b).norm <= bound(a) * (a.norm * x.norm + b.norm))
      }
    }
  }

  @Test("residuals")
  func residuals() {
    check(Float.self)
    check(Double.self)
  }

  @Test("a pivot of zero in the corner needs an exchange")
  func exchange() {
    let (x, zeroPivot) = Double.solve(TestMatrix(2, 2, [0, 2, 4, 0]), TestMatrix(2, 1, [6, 8]))
    #expect(zeroPivot == nil)
    #expect(x.elements == [2, 3])
  }

  @Test("singular matrices name the pivot and leave B alone")
  func singular() {
    let b = TestMatrix<Double>(2, 1, [1, 2])
    let (x, zeroPivot) = Double.solve(TestMatrix(2, 2, [1, 2, 2, 4]), b)
    #expect(zeroPivot == 1)
    #expect(x.elements == b.elements)
    #expect(
      Float.solve(TestMatrix(3, 3, Array(repeating: 0, count: 9)), TestMatrix(3, 1, [1, 1, 1])).zeroPivot == 0
    )
  }
}

@Suite("QR factors")
struct QRTests {
  private func check<T: Factorized>(_ a: TestMatrix<T>) {
    let (q, r) = T.qr(a)
    #expect((q * r - a).norm <= bound(a) * a.norm)
    #expect((q.transposed * q - .identity(q.columns)).norm <= bound(a))
    for i in 0..<r.rows {
      for j in 0..<min(i, r.columns) { #expect(r[i, j] == 0) }
    }
  }

  @Test("reconstruction, orthogonality, triangular shape")
  func properties() {
    for (m, n) in shapes {
      check(TestMatrix<Float>.random(m, n, seed: 10))
      check(TestMatrix<Double>.random(m, n, seed: 10))
    }
    check(TestMatrix<Double>(4, 3, Array(repeating: 0, count: 12)))
    check(TestMatrix<Float>(3, 3, [1, 2, 3, 2, 4, 6, 3, 6, 9]))
    check(TestMatrix<Float>(2, 2, [1e-30, 2e-30, 3e-30, 5e-30]))
  }

  @Test("signs as LAPACK's")
  func signs() {
    // numpy.linalg.qr([[3, 1], [4, 2]]) gives R = [[-5, -2.2], [0, 0.4]].
    let (_, r) = Double.qr(TestMatrix(2, 2, [3, 1, 4, 2]))
    #expect(zip(r.elements, [-5, -2.2, 0, 0.4]).allSatisfy { abs($0 - $1) < 1e-14 })
    // A single row needs no reflection.
    #expect(Double.qr(TestMatrix(1, 2, [3, 4])).r.elements == [3, 4])
  }
}

@Suite("Singular values")
struct SVDTests {
  private func check<T: Factorized>(_ a: TestMatrix<T>) throws {
    let (u, s, vt) = try #require(T.svd(a))
    var scaled = u
    for i in 0..<u.rows {
      for j in 0..<u.columns { scaled.elements[i * u.columns + j] *= s[j] }
    }
    #expect((scaled * vt - a).norm <= bound(a) * a.norm)
    #expect((u.transposed * u - .identity(u.columns)).norm <= bound(a))
    #expect((vt * vt.transposed - .identity(vt.rows)).norm <= bound(a))
    #expect(s.allSatisfy { $0 >= 0 })
    #expect(zip(s, s.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("reconstruction, orthogonality, order")
  func properties() throws {
    for (m, n) in shapes {
      try check(TestMatrix<Float>.random(m, n, seed: 11))
      try check(TestMatrix<Double>.random(m, n, seed: 11))
    }
  }

  @Test("matrices of low rank, of zeros, of extreme sizes")
  func lowRank() throws {
    for rank in [0, 1, 3] {
      for (m, n) in [(12, 7), (7, 12), (9, 9), (30, 20)] {
        let a = TestMatrix<Double>.random(m, rank, seed: 12) * TestMatrix<Double>.random(rank, n, seed: 13)
        try check(a)
        try check(TestMatrix<Float>(m, n, a.elements.map { Float($0) }))
        try check(TestMatrix<Double>(m, n, a.elements.map { $0 * 1e-300 }))
        try check(TestMatrix<Float>(m, n, a.elements.map { Float($0) * 1e30 }))
      }
    }
    try check(TestMatrix<Float>(5, 3, Array(repeating: 1, count: 15)))
    try check(TestMatrix<Double>.identity(6))
    try check(TestMatrix<Double>(3, 3, [1, 0, 0, 0, 1e-9, 0, 0, 0, 1e-20]))
  }

  @Test("a matrix whose singular values are known")
  func known() throws {
    // [3 0; 4 5] has AᵀA = [25 20; 20 25], of eigenvalues 45 and 5.
    let (_, s, _) = try #require(Double.svd(TestMatrix(2, 2, [3, 0, 4, 5])))
    #expect(abs(s[0] - 45.0.squareRoot()) < 1e-14)
    #expect(abs(s[1] - 5.0.squareRoot()) < 1e-14)
  }

  @Test("what is not a number or not finite is refused")
  func notFinite() {
    for bad in [Double.nan, .infinity, -.infinity] {
      var a = TestMatrix<Double>.random(6, 4, seed: 14)
      a.elements[13] = bad
      #expect(Double.svd(a) == nil)
      #expect(Double.svd(a.transposed) == nil)
      #expect(Double.leastSquares(a, .random(6, 1, seed: 15)) == nil)
    }
  }
}

@Suite("Least squares")
struct LeastSquaresTests {
  private func check<T: Factorized>(_ a: TestMatrix<T>, rank expected: Int) throws {
    let b = TestMatrix<T>.random(a.rows, 3, seed: 16)
    let (x, rank) = try #require(T.leastSquares(a, b))
    #expect(rank == expected)
    // The normal equations: what is left is orthogonal to the columns of A.
    let condition = 100.0
    #expect((a.transposed * (a * x - b)).norm <= condition * bound(a) * a.norm * (a.norm * x.norm + b.norm))
    // Least norm: X lies in the span of the rows of A, so that projecting on it changes nothing.
    let (y, _) = try #require(T.leastSquares(a.transposed, x))
    #expect((a.transposed * y - x).norm <= condition * bound(a) * (x.norm + 1))
  }

  @Test("tall, wide, square, deficient, empty")
  func properties() throws {
    for (m, n) in shapes where m != n {
      try check(TestMatrix<Double>.random(m, n, seed: 17), rank: min(m, n))
      try check(TestMatrix<Float>.random(m, n, seed: 17), rank: min(m, n))
    }
    let low = TestMatrix<Double>.random(12, 3, seed: 18) * TestMatrix<Double>.random(3, 8, seed: 19)
    try check(low, rank: 3)
    try check(low.transposed, rank: 3)
    try check(TestMatrix<Double>(5, 4, Array(repeating: 0, count: 20)), rank: 0)
  }

  @Test("a line through points, worked by hand")
  func line() throws {
    // y = 1 + 2x through (0, 1), (1, 3), (2, 5).
    let a = TestMatrix<Double>(3, 2, [1, 0, 1, 1, 1, 2])
    let (x, rank) = try #require(Double.leastSquares(a, TestMatrix(3, 1, [1, 3, 5])))
    #expect(rank == 2)
    #expect(zip(x.elements, [1, 2]).allSatisfy { abs($0 - $1) < 1e-14 })
  }
}
