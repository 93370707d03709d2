import SwiftBLAS
import Testing

/// A product cut into parts, as threads cut it, must keep every bit.
@Suite("Parts of products")
struct SliceTests {
  private func check<T: Precision>(
    _ type: T.Type, _ transposeA: Bool, _ transposeB: Bool, m: Int, n: Int, k: Int, alpha: T, beta: T,
    rows: [Range<Int>], columns: [Range<Int>]
  ) {
    var random = SeededGenerator(seed: 4)
    let (lda, ldb) = (transposeA ? m : k, transposeB ? k : n)
    let a: [T] = random.numbers(m * k)
    let b: [T] = random.numbers(n * k)
    let before: [T] = random.numbers(m * n)
    var whole = before
    T.gemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, &whole, n)
    for rows in rows {
      for columns in columns {
        var part: [T] = rows.flatMap { i in columns.map { before[i * n + $0] } }
        T.gemm(
          transposeA, transposeB, rows.count, columns.count, k, alpha,
          Array(a[(transposeA ? rows.lowerBound : rows.lowerBound * lda)...]), lda,
          Array(b[(transposeB ? columns.lowerBound * ldb : columns.lowerBound)...]), ldb, beta, &part,
          columns.count)
        let expected = rows.flatMap { i in columns.map { whole[i * n + $0] } }
        let same = zip(part, expected).allSatisfy { isIdentical($0, $1) }
        #expect(
          same, "\(T.self) \(transposeA) \(transposeB) \(m)×\(n)×\(k): rows \(rows), columns \(columns)")
      }
    }
  }

  private func checkAll<T: Precision>(_ type: T.Type) {
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        for (alpha, beta) in [(1, 0), (-0.3, 1), (1.7, 0.6)] as [(T, T)] {
          check(
            type, transposeA, transposeB, m: 67, n: 75, k: 90, alpha: alpha, beta: beta,
            rows: [0..<67, 0..<1, 66..<67, 3..<5, 10..<17, 20..<67],
            columns: [0..<75, 0..<1, 74..<75, 1..<3, 5..<9, 16..<48, 30..<75])
          check(
            type, transposeA, transposeB, m: 420, n: 41, k: 620, alpha: alpha, beta: beta,
            rows: [0..<30, 1..<2, 100..<400], columns: [0..<41, 0..<1, 8..<40])
          check(
            type, transposeA, transposeB, m: 33, n: 430, k: 520, alpha: alpha, beta: beta,
            rows: [0..<1, 7..<33], columns: [0..<210, 210..<430, 5..<6, 400..<403])
          // Narrow and small products have kernels of their own.
          check(
            type, transposeA, transposeB, m: 30, n: 70, k: 40, alpha: alpha, beta: beta,
            rows: [0..<30, 2..<26], columns: [0..<12, 8..<32, 46..<70])
          check(
            type, transposeA, transposeB, m: 9, n: 50, k: 1600, alpha: alpha, beta: beta,
            rows: [0..<1, 1..<9], columns: [0..<12, 8..<32, 49..<50])
        }
      }
    }
  }

  @Test("rows and columns of a product, bit for bit, single precision")
  func single() { checkAll(Float.self) }

  @Test("rows and columns of a product, bit for bit, double precision")
  func double() { checkAll(Double.self) }

  private func checkVector<T: Precision>(_ type: T.Type, rows: Int, columns: Int) {
    var random = SeededGenerator(seed: 5)
    let a: [T] = random.numbers(rows * columns)
    let x: [T] = random.numbers(max(rows, columns))
    for transposed in [false, true] {
      let count = transposed ? columns : rows
      let before: [T] = random.numbers(count)
      var whole = before
      T.gemv(transposed, rows, columns, 0.7, a, columns, x, 1, -0.4, &whole, 1)
      // The same matrix with its rows far apart, which is read another way.
      var spread = [T](repeating: .nan, count: rows * (columns + 20000))
      for i in 0..<rows {
        for j in 0..<columns { spread[i * (columns + 20000) + j] = a[i * columns + j] }
      }
      var same = before
      T.gemv(transposed, rows, columns, 0.7, spread, columns + 20000, x, 1, -0.4, &same, 1)
      #expect(
        zip(same, whole).allSatisfy { isIdentical($0, $1) }, "\(T.self) \(rows)×\(columns) \(transposed)")
      for part in [0..<1, 0..<count, count / 3..<count, count - 1..<count, 0..<count / 2] where !part.isEmpty
      {
        var y = Array(before[part])
        let tail = Array(a[(transposed ? part.lowerBound : part.lowerBound * columns)...])
        T.gemv(
          transposed, transposed ? rows : part.count, transposed ? part.count : columns, 0.7, tail, columns,
          x, 1,
          -0.4, &y, 1)
        let same = zip(y, whole[part]).allSatisfy { isIdentical($0, $1) }
        #expect(same, "\(T.self) \(rows)×\(columns) transposed \(transposed): \(part)")
      }
    }
  }

  @Test("elements of a matrix times a vector, bit for bit")
  func vector() {
    for (rows, columns) in [(1, 1), (7, 5), (33, 70), (130, 259), (64, 32)] {
      checkVector(Float.self, rows: rows, columns: columns)
      checkVector(Double.self, rows: rows, columns: columns)
    }
  }
}
