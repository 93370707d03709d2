import SwiftBLAS
import Testing

/// Products of which any depths count, and any vectors, in buffers that end where they may last be read or written.
@Suite("Products of scattered vectors")
struct ScatteredVectorsTests {
  /// How far rounding may take a sum of `terms` products of numbers of [-1, 1).
  private func tolerance(_ terms: Int) -> Double { Double(terms) * 0x1p-22 }

  private func places(_ count: Int, below end: Int, _ random: inout SeededGenerator) -> [Int] {
    (0..<count).map { _ in Int(random.next() % UInt64(end)) }
  }

  @Test("Every column is the sum over its terms", arguments: 1...13)
  func columnsOfVectors(m: Int) {
    var random = SeededGenerator(seed: UInt64(m))
    let (k, step) = (20, scatteredColumnStep)
    let a: [Float] = random.numbers(m * k)
    var packed = [Float](repeating: .nan, count: m * k)
    packRows(m: m, k: k, a: a, lda: k, to: &packed)
    for (columnCount, termCount) in [(1, 1), (2, 7), (3, 0), (5, 20), (8, 33)] {
      let depths = places(termCount, below: k, &random)
      let terms = zip(depths, places(termCount, below: 90, &random)).map {
        ScatteredTerm(column: $0, offset: $1)
      }
      // Columns in no order.
      let columns = zip(places(columnCount, below: 50, &random), 0...).map {
        ScatteredColumn(source: $0, target: (columnCount - 1 - $1) * step)
      }
      let b: [Float] = random.numbers(90 + 50 + step)
      let ldc = columnCount * step
      var c = [Float](repeating: .nan, count: m * ldc)
      forEachPackedTile(m: m) { row, count in
        terms.withUnsafeBufferPointer { terms in
          columns.withUnsafeBufferPointer { columns in
            packed.withUnsafeBufferPointer { packed in
              c.withUnsafeMutableBufferPointer { c in
                guard let a = packed.baseAddress, let c = c.baseAddress else { return }
                multiply(
                  packedTile: a + row * k, rows: count, terms: terms, b: b, columns: columns,
                  c: c + row * ldc,
                  ldc: ldc)
              }
            }
          }
        }
      }
      for i in 0..<m {
        for column in columns {
          for lane in 0..<step {
            let exact = terms.reduce(0.0) {
              $0 + Double(a[i * k + $1.column]) * Double(b[column.source + $1.offset + lane])
            }
            #expect(
              abs(Double(c[i * ldc + column.target + lane]) - exact) <= tolerance(termCount),
              "\(m), \(columnCount)")
          }
        }
      }
    }
  }

  @Test("C + A · B over some depths equals the sums in double precision", arguments: 1...13)
  func sumsOverSomeDepths(m: Int) {
    var random = SeededGenerator(seed: UInt64(50 + m))
    for (n, k, termCount) in [(1, 1, 1), (7, 9, 4), (packedColumnStep + 1, 12, 30), (70, 5, 0)] {
      let rowStep = k + 3
      let a: [Float] = random.numbers((m - 1) * rowStep + k)
      let b: [Float] = random.numbers(k * n)
      let width = (n + packedColumnStep - 1) / packedColumnStep * packedColumnStep
      var packed = [Float](repeating: .nan, count: k * width)
      packColumns(transposed: false, k: k, n: n, b: b, ldb: n, to: &packed)
      let depths = zip(places(termCount, below: k, &random), places(termCount, below: k, &random)).map {
        ($0, $1)
      }
      let terms = depths.map { ScatteredTerm(column: $0.0, offset: $0.1 * packedColumnStep) }
      let before: [Float] = random.numbers(m * width)
      var c = before
      terms.withUnsafeBufferPointer {
        addProduct(
          a: a, rowStep: rowStep, m: m, n: n, terms: $0, packedB: packed, depth: k, c: &c, ldc: width)
      }
      for i in 0..<m {
        for j in 0..<n {
          let exact = depths.reduce(Double(before[i * width + j])) {
            $0 + Double(a[i * rowStep + $1.0]) * Double(b[$1.1 * n + j])
          }
          #expect(
            abs(Double(c[i * width + j]) - exact) <= tolerance(termCount + 1), "\(m)×\(n) at (\(i), \(j))")
        }
      }
    }
  }
}
