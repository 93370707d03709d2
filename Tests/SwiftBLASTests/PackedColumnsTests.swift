import SwiftBLAS
import Testing

/// Products with a matrix packed ahead, in buffers that end where they may last be read or written.
@Suite("Products with packed columns")
struct PackedColumnsTests {
  /// Depths on both sides of where a block of them ends, columns on both sides of where a panel does.
  @Test(
    "A · B + β · C equals gemm's bit for bit",
    arguments: [1, 2, 7, 12, 13, 25], [(1, 4), (5, 9), (16, 31), (33, 64), (70, 500), (96, 801)])
  func productsAreThoseOfGemm(m: Int, _ size: (n: Int, k: Int)) {
    let (n, k) = size
    var random = SeededGenerator(seed: UInt64(m * n))
    let a: [Float] = random.numbers(m * k)
    let b: [Float] = random.numbers(k * n)
    let before: [Float] = random.numbers(m * n)
    for (transposed, beta) in [(false, 0), (true, 0), (false, 1), (true, 0.5)] as [(Bool, Float)] {
      let ldb = transposed ? k : n
      let packed = packed(b, k, n, transposed)
      var (c, expected) = (beta == 0 ? before.map { _ in Float.nan } : before, before)
      gemm(m: m, n: n, k: k, a: a, lda: k, packedB: packed, beta: beta, c: &c, ldc: n)
      gemm(
        transposeA: false, transposeB: transposed, m: m, n: n, k: k, alpha: 1, a: a, lda: k, b: b, ldb: ldb,
        beta: beta, c: &expected, ldc: n)
      #expect(c == expected, "\(m) × \(n) × \(k), transposed \(transposed), β \(beta)")
    }
  }

  @Test("A part of the columns is their part of the packed matrix")
  func partsOfTheColumns() {
    var random = SeededGenerator(seed: 5)
    let (m, n, k) = (3, 2 * packedColumnStep + 5, 20)
    let a: [Float] = random.numbers(m * k)
    let packed = packed(random.numbers(k * n), k, n, false)
    var (whole, parts) = ([Float](repeating: 0, count: m * n), [Float](repeating: 0, count: m * n))
    gemm(m: m, n: n, k: k, a: a, lda: k, packedB: packed, beta: 0, c: &whole, ldc: n)
    for first in stride(from: 0, to: n, by: packedColumnStep) {
      packed.withUnsafeBufferPointer { packed in
        parts.withUnsafeMutableBufferPointer { parts in
          guard let b = packed.baseAddress, let c = parts.baseAddress else { return }
          gemm(
            m: m, n: min(packedColumnStep, n - first), k: k, a: a, lda: k, packedB: b + first * k, beta: 0,
            c: c + first, ldc: n)
        }
      }
    }
    #expect(whole == parts)
  }

  private func packed(_ b: [Float], _ k: Int, _ n: Int, _ transposed: Bool) -> [Float] {
    let columns = (n + packedColumnStep - 1) / packedColumnStep * packedColumnStep
    var packed = [Float](repeating: .nan, count: k * columns)
    packColumns(transposed: transposed, k: k, n: n, b: b, ldb: transposed ? k : n, to: &packed)
    return packed
  }
}
