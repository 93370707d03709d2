import SwiftBLAS
import Testing

@Suite("Matrix products")
struct GemmTests {
  /// One product against the definition in double precision, element by element.
  ///
  /// The bound is Higham's for a sum of k products, (k + 3) · ε · (|α| · |A| · |B| + |β| · |C|), "Accuracy and
  /// Stability of Numerical Algorithms", section 3.5. Elements between the rows of C must keep their bits, those between
  /// the rows of A and B are NaN, and so is C throughout where β is 0. No matrix has memory beyond its last element.
  private func check<T: Precision>(
    _ type: T.Type, _ transposeA: Bool, _ transposeB: Bool, m: Int, n: Int, k: Int, alpha: T, beta: T,
    gap: Int,
    seed: UInt64
  ) {
    var random = SeededGenerator(seed: seed)
    let (rowsA, columnsA) = transposeA ? (k, m) : (m, k)
    let (rowsB, columnsB) = transposeB ? (n, k) : (k, n)
    let (lda, ldb, ldc) = (columnsA + gap, columnsB + 2 * gap, n + 3 * gap)
    let a: [T] = random.matrix(rows: rowsA, columns: columnsA, step: lda)
    let b: [T] = random.matrix(rows: rowsB, columns: columnsB, step: ldb)
    var before: [T] = random.numbers(max(0, (m - 1) * ldc + n))
    if beta == 0 { before = before.map { _ in .nan } }
    var c = before
    T.gemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, &c, ldc)

    let epsilon = Double(T.ulpOfOne) / 2
    for i in 0..<m {
      for j in 0..<n {
        var (sum, size) = (0.0, 0.0)
        for p in 0..<k {
          let x = Double(a[transposeA ? p * lda + i : i * lda + p])
          let y = Double(b[transposeB ? j * ldb + p : p * ldb + j])
          sum += x * y
          size += abs(x * y)
        }
        let old = beta == 0 ? 0 : Double(beta) * Double(before[i * ldc + j])
        let error = abs(Double(c[i * ldc + j]) - (Double(alpha) * sum + old))
        // The reference's own rounding matters where both are double: twice the bound.
        let bound = 2 * Double(k + 3) * epsilon * (abs(Double(alpha)) * size + abs(old))
        if !(error <= bound) {
          Issue.record(
            "\(T.self) \(transposeA) \(transposeB) \(m)×\(n)×\(k) α \(alpha) β \(beta) gap \(gap) seed \(seed): (\(i), \(j)) is off by \(error), bound \(bound)"
          )
          return
        }
      }
      for j in n..<ldc where i + 1 < m && !isIdentical(c[i * ldc + j], before[i * ldc + j]) {
        Issue.record(
          "\(T.self) \(m)×\(n)×\(k) gap \(gap) seed \(seed): wrote between the rows, at (\(i), \(j))")
        return
      }
    }
  }

  private func checkAll<T: Precision>(_ type: T.Type, m: Int, n: Int, k: Int, gap: Int) {
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        for alpha in [0, 1, -0.5] as [T] {
          for beta in [0, 1, -0.5, 2.25] as [T] {
            check(type, transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, beta: beta, gap: gap, seed: 1)
          }
        }
      }
    }
  }

  @Test("every transpose, α, β and gap, sizes around the kernels' own")
  func oddSizes() {
    let sizes = [
      (1, 1, 1), (1, 17, 9), (19, 1, 7), (2, 3, 0), (5, 4, 3), (6, 16, 8), (7, 31, 33), (12, 32, 4),
      (13, 33, 65),
      (16, 16, 16), (31, 8, 50), (47, 65, 21), (49, 24, 10), (26, 10, 128),
    ]
    for (m, n, k) in sizes {
      for gap in [0, 3] {
        checkAll(Float.self, m: m, n: n, k: k, gap: gap)
        checkAll(Double.self, m: m, n: n, k: k, gap: gap)
      }
    }
  }

  @Test("several blocks in every direction")
  func blocks() {
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      for (m, n, k) in [
        (401, 37, 500), (50, 390, 460), (300, 10, 1000), (1, 200, 900), (500, 2, 450), (21, 130, 519),
      ] {
        check(Float.self, transposeA, transposeB, m: m, n: n, k: k, alpha: -0.5, beta: 2, gap: 1, seed: 2)
        check(Double.self, transposeA, transposeB, m: m, n: n, k: k, alpha: 1, beta: 0, gap: 0, seed: 2)
      }
    }
    // Far more columns than rows.
    check(Double.self, false, true, m: 2, n: 9000, k: 230, alpha: 1, beta: 1, gap: 0, seed: 3)
    check(Float.self, false, false, m: 50, n: 16000, k: 17, alpha: 1, beta: 0, gap: 0, seed: 3)
    // A large A stored transposed, for few columns.
    check(Float.self, true, false, m: 1030, n: 70, k: 1301, alpha: 1, beta: 1, gap: 2, seed: 3)
    check(Double.self, true, true, m: 700, n: 41, k: 903, alpha: 0.5, beta: 0, gap: 0, seed: 3)
  }

  @Test(
    "rows a page apart, packed and in place, in several blocks", arguments: [false, true], [false, true])
  func pages(transposeA: Bool, transposeB: Bool) {
    for (m, n, k) in [(1024, 520, 530), (520, 1024, 530), (20, 1024, 1024)] {
      check(Float.self, transposeA, transposeB, m: m, n: n, k: k, alpha: -0.5, beta: 2, gap: 0, seed: 6)
    }
    check(Double.self, transposeA, transposeB, m: 512, n: 512, k: 600, alpha: 1, beta: 1, gap: 0, seed: 6)
  }

  @Test("ten thousand random products")
  func randomProducts() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("random products: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    for _ in 0..<10_000 {
      let largest = [4, 20, 70].randomElement(using: &random) ?? 4
      let (m, n, k) = (
        Int.random(in: 0...largest, using: &random), Int.random(in: 0...largest, using: &random),
        Int.random(in: 0...largest * 2, using: &random)
      )
      let (transposeA, transposeB) = (Bool.random(using: &random), Bool.random(using: &random))
      let gap = Int.random(in: 0...5, using: &random)
      let alpha = ([0, 1, -1, 0.75] as [Double]).randomElement(using: &random) ?? 1
      let beta = ([0, 1, -1, 0.3] as [Double]).randomElement(using: &random) ?? 1
      let data = random.next()
      if Bool.random(using: &random) {
        check(
          Float.self, transposeA, transposeB, m: m, n: n, k: k, alpha: Float(alpha), beta: Float(beta),
          gap: gap,
          seed: data)
      } else {
        check(
          Double.self, transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, beta: beta, gap: gap,
          seed: data)
      }
    }
  }

  @Test("the oracle, on a product worked by hand")
  func oracle() {
    // [1 2; 3 4] · [5 6; 7 8] = [19 22; 43 50]
    let (a, b) = ([1.0, 2, 3, 4], [5.0, 6, 7, 8])
    var c = [Double](repeating: .nan, count: 4)
    naiveGemm(
      transposeA: false, transposeB: false, m: 2, n: 2, k: 2, alpha: 1, a: a, lda: 2, b: b, ldb: 2, beta: 0,
      c: &c,
      ldc: 2)
    #expect(c == [19, 22, 43, 50])
    // [1 3; 2 4] · [5 7; 6 8] = [23 31; 34 46], doubled and added
    naiveGemm(
      transposeA: true, transposeB: true, m: 2, n: 2, k: 2, alpha: 2, a: a, lda: 2, b: b, ldb: 2, beta: 1,
      c: &c,
      ldc: 2)
    #expect(c == [65, 84, 111, 142])
  }

  @Test("calls from many threads at once")
  func concurrent() async {
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<16 {
        group.addTask {
          for round in 0..<20 {
            check(
              Float.self, task % 2 == 0, round % 2 == 0, m: 50 + task, n: 60 + round, k: 40, alpha: 1,
              beta: 0,
              gap: 0, seed: UInt64(task))
          }
        }
      }
    }
  }
}
