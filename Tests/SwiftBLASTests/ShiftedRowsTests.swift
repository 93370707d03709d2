import SwiftBLAS
import Testing

/// Products with rows some of which begin one element after the other, in buffers that end where they may last be read.
@Suite("Products of shifted rows")
struct ShiftedRowsTests {
  /// Depths on both sides of where a part of them ends.
  @Test(
    "C + A · B equals the sums in double precision",
    arguments: neighbouringRows, [(1, 1, 1), (2, 17, 5), (3, 32, 64), (5, 40, 255), (7, 70, 300)])
  func productsOfShiftedRows(neighbours: Int, _ size: (groups: Int, n: Int, k: Int)) {
    let (groups, n, k) = size
    let m = groups * neighbours
    var random = SeededGenerator(seed: UInt64(m * n))
    let offsets = (0..<groups).flatMap { _ in
      let start = Int(random.next() % UInt64(3 * groups))
      return (0..<neighbours).map { start + $0 }
    }
    let a: [Float] = random.numbers((offsets.max() ?? 0) + k)
    let b: [Float] = random.numbers(n * k)
    let width = (n + packedColumnStep - 1) / packedColumnStep * packedColumnStep
    var packed = [Float](repeating: .nan, count: k * width)
    packColumns(transposed: true, k: k, n: n, b: b, ldb: k, to: &packed)
    let before: [Float] = random.numbers(m * width)
    var c = before
    addProduct(
      a: a, offsets: offsets, neighbours: neighbours, m: m, n: n, k: k, packedB: packed, c: &c, ldc: width)
    for i in 0..<m {
      for j in 0..<n {
        let exact = (0..<k).reduce(Double(before[i * width + j])) {
          $0 + Double(a[offsets[i] + $1]) * Double(b[j * k + $1])
        }
        #expect(
          abs(Double(c[i * width + j]) - exact) <= Double(k + 1) * 0x1p-22, "\(m)×\(n)×\(k) at (\(i), \(j))")
      }
    }
  }

  @Test("A matrix can be packed part by part")
  func partsOfTheDepth() {
    var random = SeededGenerator(seed: 3)
    let (n, parts) = (packedColumnStep + 3, [4, 1, 7])
    let depth = parts.reduce(0, +)
    let b: [Float] = random.numbers(n * depth)
    var whole = [Float](repeating: 0, count: 2 * packedColumnStep * depth)
    packColumns(transposed: true, k: depth, n: n, b: b, ldb: depth, to: &whole)
    var pieces = [Float](repeating: 1, count: whole.count)
    var first = 0
    for part in parts {
      b.withUnsafeBufferPointer { b in
        pieces.withUnsafeMutableBufferPointer { pieces in
          guard let source = b.baseAddress, let target = pieces.baseAddress else { return }
          packColumns(
            transposed: true, k: part, n: n, b: source + first, ldb: depth,
            to: target + first * packedColumnStep, depth: depth)
        }
      }
      first += part
    }
    #expect(whole == pieces)
  }
}
