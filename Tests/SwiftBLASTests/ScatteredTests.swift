import SwiftBLAS
import Testing

/// Products with rows that lie anywhere, in buffers that end where they may last be read or written.
@Suite("Products of scattered rows")
struct ScatteredTests {
  /// Where `count` rows begin: in no order, and overlapping, as the windows of an image do.
  private func offsets(_ count: Int, _ random: inout SeededGenerator) -> [Int] {
    (0..<count).map { _ in Int(random.next() % UInt64(2 * count + 1)) }
  }

  private func padded(_ count: Int) -> Int {
    (count + scatteredColumnStep - 1) / scatteredColumnStep * scatteredColumnStep
  }

  /// How far rounding may take a sum of `terms` products of numbers of [-1, 1).
  private func tolerance(_ terms: Int) -> Double { Double(terms) * 0x1p-22 }

  @Test("A · B equals the sums in double precision", arguments: [1, 2, 5, 6, 11, 12, 13, 25, 40])
  func productsOfScatteredRows(m: Int) {
    var random = SeededGenerator(seed: UInt64(m))
    for (n, k) in [(1, 1), (7, 3), (16, 9), (17, 25), (31, 64), (33, 10), (70, 27)] {
      let width = padded(n)
      let a: [Float] = random.numbers(m * k)
      let offsets = offsets(k, &random)
      let b: [Float] = random.numbers((offsets.max() ?? 0) + width)
      var packed = [Float](repeating: .nan, count: m * k)
      packRows(m: m, k: k, a: a, lda: k, to: &packed)
      var packedByOffsets = [Float](repeating: .nan, count: m * k)
      packRows(m: m, a: a, lda: k, offsets: Array(0..<k), to: &packedByOffsets)
      #expect(packedByOffsets == packed)
      var c = [Float](repeating: .nan, count: (m - 1) * width + width)
      gemm(packedA: packed, m: m, n: n, k: k, b: b, offsets: offsets, c: &c, ldc: width)
      for i in 0..<m {
        for j in 0..<n {
          let exact = (0..<k).reduce(0.0) { $0 + Double(a[i * k + $1]) * Double(b[offsets[$1] + j]) }
          #expect(abs(Double(c[i * width + j]) - exact) <= tolerance(k), "\(m)×\(n)×\(k) at (\(i), \(j))")
        }
      }
    }
  }

  @Test(
    "C + A · Bᵀ over several pairs equals the sums in double precision",
    arguments: [1, 2, 3, 4, 5, 7, 8, 9, 20])
  func sumsOfDotProducts(n: Int) {
    var random = SeededGenerator(seed: UInt64(100 + n))
    for (m, k, repeats) in [(1, 1, 1), (2, 16, 3), (3, 17, 1), (4, 31, 2), (7, 50, 4)] {
      let width = padded(k)
      let offsets = offsets(n, &random)
      let (aRepeat, bRepeat) = (m * width + 3, (offsets.max() ?? 0) + width + 5)
      var a: [Float] = random.numbers((repeats - 1) * aRepeat + m * width)
      for r in 0..<repeats {
        for i in 0..<m {
          for w in k..<width { a[r * aRepeat + i * width + w] = 0 }
        }
      }
      let b: [Float] = random.numbers((repeats - 1) * bRepeat + bRepeat - 5)
      let before: [Float] = random.numbers(m * n)
      var c = before
      addDots(
        m: m, n: n, k: k, repeats: repeats, a: a, lda: width, aRepeat: aRepeat, b: b, bRepeat: bRepeat,
        offsets: offsets, c: &c, ldc: n)
      for i in 0..<m {
        for j in 0..<n {
          var exact = Double(before[i * n + j])
          for r in 0..<repeats {
            for w in 0..<k {
              exact += Double(a[r * aRepeat + i * width + w]) * Double(b[r * bRepeat + offsets[j] + w])
            }
          }
          #expect(
            abs(Double(c[i * n + j]) - exact) <= tolerance(repeats * k),
            "\(m)×\(n)×\(k)·\(repeats) at (\(i), \(j))")
        }
      }
    }
  }
}
