import LinearAlgebra
import TestSupport
import Testing

@Suite("Products of the backend in force", .onEveryBackend)
struct BLASTests {
  /// One product against the definition in double precision, element by element.
  ///
  /// The bound is twice Higham's for a sum of k products, (k + 3) · ε · (|α| · |A| · |B| + |β| · |C|), "Accuracy and
  /// Stability of Numerical Algorithms", section 3.5: the reference rounds as well. Elements between the rows of C
  /// keep their bits, and where β is 0, C begins as NaN.
  private func check<Scalar: BLASScalar>(
    _ transposeA: Transposition, _ transposeB: Transposition, _ size: (m: Int, n: Int, k: Int), alpha: Scalar,
    beta: Scalar, gap: Int
  ) {
    let (m, n, k) = size
    var random = SeededGenerator(seed: 1)
    let (rowsA, columnsA) = transposeA == .none ? (m, k) : (k, m)
    let (rowsB, columnsB) = transposeB == .none ? (k, n) : (n, k)
    let (lda, ldb, ldc) = (max(1, columnsA) + gap, max(1, columnsB) + 2 * gap, max(1, n) + 3 * gap)
    let a: [Scalar] = random.numbers(max(1, rowsA * lda))
    let b: [Scalar] = random.numbers(max(1, rowsB * ldb))
    let poison = [Scalar](repeating: .nan, count: max(1, m * ldc))
    let before = beta == 0 ? poison : random.numbers(max(1, m * ldc))
    var c = before
    BLAS.gemm(
      transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
      c: &c,
      ldc: ldc)

    let call = "\(Scalar.self) \(transposeA) \(transposeB) \(size) α \(alpha) β \(beta) gap \(gap)"
    for i in 0..<m {
      for j in 0..<ldc {
        let (new, old) = (Double(c[i * ldc + j]), Double(before[i * ldc + j]))
        guard j < n else {
          #expect(new == old || new.isNaN && old.isNaN, "\(call): wrote between the rows, at [\(i), \(j)]")
          continue
        }
        var (sum, magnitude) = (0.0, 0.0)
        for p in 0..<k {
          let x = Double(transposeA == .none ? a[i * lda + p] : a[p * lda + i])
          let y = Double(transposeB == .none ? b[p * ldb + j] : b[j * ldb + p])
          sum += x * y
          magnitude += abs(x * y)
        }
        let rest = beta == 0 ? 0 : Double(beta) * old
        let error = abs(new - (Double(alpha) * sum + rest))
        let bound = Double(k + 3) * Double(Scalar.ulpOfOne) * (abs(Double(alpha)) * magnitude + abs(rest))
        guard error <= bound else {
          Issue.record("\(call): [\(i), \(j)] is \(new), off by \(error), bound \(bound)")
          return
        }
      }
    }
  }

  private func checkAll<Scalar: BLASScalar>(_ type: Scalar.Type, _ size: (Int, Int, Int)) {
    for transposeA in Transposition.allCases {
      for transposeB in Transposition.allCases {
        for alpha in [0, 1, -0.5] as [Scalar] {
          for beta in [0, 1, -0.5, 2.25] as [Scalar] {
            for gap in [0, 3] { check(transposeA, transposeB, size, alpha: alpha, beta: beta, gap: gap) }
          }
        }
      }
    }
  }

  @Test(
    "every transpose, α, β and gap",
    arguments: [
      (0, 0, 0), (0, 3, 2), (3, 0, 2), (1, 1, 0), (1, 5, 0), (5, 1, 0), (4, 3, 0), (1, 1, 1), (1, 17, 9),
      (19, 1, 7), (5, 7, 1), (1, 6, 1), (6, 1, 1), (2, 3, 2), (7, 31, 33), (13, 33, 65), (49, 24, 10),
      (65, 66, 67),
    ])
  func products(size: (Int, Int, Int)) {
    checkAll(Float.self, size)
    checkAll(Double.self, size)
  }

  @Test("large enough for several threads")
  func large() {
    for (transposeA, transposeB) in [(Transposition.none, Transposition.none), (.transposed, .transposed)] {
      check(transposeA, transposeB, (211, 157, 190), alpha: 1 as Float, beta: 0, gap: 1)
      check(transposeA, transposeB, (99, 305, 190), alpha: -0.5, beta: 2.25, gap: 0)
      for size in [(1, 907, 512), (907, 1, 512), (907, 512, 1)] {
        check(transposeA, transposeB, size, alpha: -0.5 as Float, beta: size.2 == 1 ? 1 : 2.25, gap: 3)
      }
    }
  }

  /// The calls that one product makes.
  private func calls<Scalar: BLASScalar>(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int, beta: Scalar
  ) -> [ObservedBackend.Product] {
    let log = ProductLog()
    BLAS.$backend.withValue(log.backend) {
      check(transposeA, transposeB, (m, n, k), alpha: 1, beta: beta, gap: 0)
    }
    return log.products
  }

  @Test("a vector goes to gemv, a product of vectors to ger")
  func routing() {
    #expect(
      calls(.none, .transposed, m: 1, n: 5, k: 7, beta: 0 as Float) == [.gemv(.none, rows: 5, columns: 7)])
    #expect(
      calls(.none, .none, m: 1, n: 5, k: 7, beta: 0 as Float) == [.gemv(.transposed, rows: 7, columns: 5)])
    #expect(calls(.none, .none, m: 5, n: 1, k: 7, beta: 1.0) == [.gemv(.none, rows: 5, columns: 7)])
    #expect(
      calls(.transposed, .none, m: 5, n: 1, k: 7, beta: 1.0) == [.gemv(.transposed, rows: 7, columns: 5)])
    #expect(calls(.none, .none, m: 5, n: 7, k: 1, beta: 0.0) == [.ger(rows: 5, columns: 7)])
    #expect(calls(.transposed, .none, m: 5, n: 7, k: 1, beta: 1 as Float) == [.ger(rows: 5, columns: 7)])
    #expect(calls(.none, .none, m: 5, n: 7, k: 1, beta: 0.5) == [.gemm(.none, .none, m: 5, n: 7, k: 1)])
    #expect(
      calls(.transposed, .none, m: 5, n: 7, k: 3, beta: 0 as Float) == [
        .gemm(.transposed, .none, m: 5, n: 7, k: 3)
      ])
    #expect(calls(.none, .none, m: 5, n: 7, k: 0, beta: 0.0) == [])
  }

  @Test("backends are found by name")
  func names() {
    #expect(BLAS.backend(named: "swift") is SwiftBackend)
    #expect(BLAS.backend(named: "none such") == nil)
    #expect(BLAS.available.contains { $0.name == BLAS.backend.name })
  }
}
