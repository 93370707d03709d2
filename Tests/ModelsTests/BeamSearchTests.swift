import Foundation
import Models
import Tensors
import TestSupport
import Testing

@Suite struct BeamSearchTests {
  /// ln P(next | last) of three tokens, the end and the beginning, by the last token.
  private func chain(seed: UInt64) -> [[Float]] {
    var random = RandomSource(seed: seed)
    return (0..<5).map { _ in
      let weights = (0..<4).map { _ in random.uniform(in: 0.01..<1) }
      let sum = weights.reduce(0, +)
      return weights.map { log($0 / sum) }
    }
  }

  private func search(_ table: [[Float]], width: Int, longest: Int, count: Int = 1) throws -> [[Int]] {
    try BeamSearch(width: width, longest: longest, end: 3).run(count: count, beginning: 4) {
      tokens, parents in
      #expect(tokens.count == count * width && parents.count == count * width)
      #expect(parents.enumerated().allSatisfy { $0 / width == $1 / width })
      return try Tensor(tokens.flatMap { table[$0] }, shape: [tokens.count, 4])
    }
  }

  /// The likeliest of all sequences of at most so many tokens that end.
  private func best(_ table: [[Float]], longest: Int) -> [Int] {
    var best: (tokens: [Int], logarithm: Float) = ([], -.infinity)
    func visit(_ tokens: [Int], _ logarithm: Float) {
      let row = table[tokens.last ?? 4]
      if logarithm + row[3] > best.logarithm { best = (tokens, logarithm + row[3]) }
      guard tokens.count < longest else { return }
      for token in 0..<3 { visit(tokens + [token], logarithm + row[token]) }
    }
    visit([], 0)
    return best.tokens
  }

  @Test(arguments: 0..<40) func aWideBeamFindsTheLikeliest(_ seed: Int) throws {
    let table = chain(seed: UInt64(seed))
    #expect(try search(table, width: 200, longest: 4) == [best(table, longest: 4)])
  }

  @Test func aBeamOfOneTakesTheLikeliestEachTime() throws {
    let table: [[Float]] = [
      [-9, -1, -9, -4], [-9, -9, -1, -3], [-9, -9, -9, -0.1], [0, 0, 0, 0], [-1, -2, -3, -4],
    ]
    #expect(try search(table, width: 1, longest: 9) == [[0, 1, 2]])
  }

  /// The end would make the likelier whole, but is not the likeliest next.
  @Test func aBeamOfOneDoesNotLookBack() throws {
    let table: [[Float]] = [
      [-9, -0.7, -9, -0.8], [-9, -9, -9, -0.9], [-9, -9, -9, -9], [0, 0, 0, 0], [-0.1, -9, -9, -9],
    ]
    #expect(try search(table, width: 1, longest: 5) == [[0, 1]])
    #expect(try search(table, width: 2, longest: 5) == [[0]])
  }

  /// 0 is likelier at first, but what follows 1 is nearly sure.
  @Test func aBeamOfTwoSeesFurther() throws {
    let table: [[Float]] = [
      [-3, -3, -3, -3], [-9, -9, -9, -0.01], [-9, -9, -9, -9], [0, 0, 0, 0], [-0.6, -0.9, -9, -9],
    ]
    #expect(try search(table, width: 1, longest: 1) == [[0]])
    #expect(try search(table, width: 2, longest: 5) == [[1]])
  }

  @Test func aSearchWithoutAnEndStopsAtTheGreatestLength() throws {
    let endless = Array(repeating: [-1, -2, -3, -Float.infinity] as [Float], count: 5)
    #expect(try search(endless, width: 2, longest: 3) == [[0, 0, 0]])
    #expect(try search(endless, width: 5, longest: 0) == [[]])
  }

  @Test func searchesSideBySideDoNotMix() throws {
    let table = chain(seed: 1)
    let alone = try search(table, width: 3, longest: 6)[0]
    #expect(try search(table, width: 3, longest: 6, count: 4) == Array(repeating: alone, count: 4))
  }

  @Test func logarithmsOfAnotherShapeThrow() {
    #expect(throws: ShapeError.self) {
      try BeamSearch(width: 2, longest: 3, end: 3).run(count: 1, beginning: 4) { _, _ in .zeros([2, 3]) }
    }
  }
}
