import SwiftBLAS
import Testing

@Suite("Lines turned into columns")
struct TransposingTests {
  /// Lines on both sides of eight and four, elements on both sides of a cache line.
  @Test(
    "every element is in its place, and nothing else is written",
    arguments: [0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 16, 31], [0, 1, 4, 9, 15, 16, 17, 36, 70])
  func everyElementInItsPlace(count: Int, depth: Int) {
    let (lineStep, width) = (depth + 3, count + 2)
    var random = SeededGenerator(seed: UInt64(100 * count + depth))
    let lines: [Float] = random.numbers(max(1, count * lineStep))
    var columns = [Float](repeating: .infinity, count: max(1, depth * width))
    transpose(lines, count: count, lineStep: lineStep, depth: depth, to: &columns, width: width)
    for p in 0..<depth {
      for i in 0..<width {
        #expect(columns[p * width + i] == (i < count ? lines[i * lineStep + p] : .infinity))
      }
    }
  }
}
