import Foundation
import Tensors

/// Words of a text with words near them and words drawn at random, as batches: what ``SkipGram`` learns from.
///
/// An epoch goes through the text once, in stretches of a shuffled order. A word of frequency f is left out with the
/// probability 1 − √(t/f) − t/f, t = `threshold`; each word left is paired with those up to d places away, d drawn from
/// 1...window; a word comes as a negative with a probability in proportion to its count to the power of 3/4. Source:
/// Mikolov et al., 2013, sections 2.2 and 2.3, in the form of their program.
public struct WordContexts: Dataset {
  /// What a step learns from.
  public struct Batch: Sendable, Hashable {
    /// A word each.
    public let centers: [Int]
    /// `[centers.count, 1 + negatives]`: a neighbour of each, and words drawn at random.
    public let candidates: Indices
  }

  private let text: [Int]
  private let batchSize: Int
  private let window: Int
  private let negatives: Int
  private let keeping: [Float]
  private let noise: [Int]

  /// Words of the text to a stretch, whose pairs are shuffled together.
  private static let stretch = 10_000

  /// More words at random beside each neighbour than this are taken for a mistake.
  private static let mostNegatives = 1 << 16

  /// Entries of the table that negatives are drawn from.
  private static let noiseCount = 1 << 20

  /// The pairs of a text of words from 0..<vocabulary.
  ///
  /// - Throws: ``DataError`` if a batch would have no pairs; ``ShapeError`` if a word is not of the vocabulary, a number is
  ///   not positive, or there are no two words.
  public init(
    _ text: [Int], vocabulary: Int, window: Int = 5, negatives: Int = 5, threshold: Double = 1e-3,
    batchSize: Int
  ) throws {
    guard batchSize > 0 else { throw DataError.batchSize(batchSize) }
    guard window > 0, 1...Self.mostNegatives ~= negatives, threshold > 0, text.count > 1,
      text.allSatisfy((0..<max(1, vocabulary)).contains)
    else {
      throw ShapeError(
        "WordContexts",
        expected: """
          a text of at least two words in 0..<\(vocabulary), positive settings, and at most \(Self.mostNegatives) negatives
          """,
        got: "\(text.count) words, window \(window), \(negatives) negatives, threshold \(threshold)")
    }
    (self.text, self.batchSize, self.window, self.negatives) = (
      text, batchSize, min(window, Self.stretch), negatives
    )
    var counts = Array(repeating: 0, count: vocabulary)
    for word in text { counts[word] += 1 }
    keeping = counts.map { count in
      let ratio = threshold * Double(text.count) / Double(max(1, count))
      return Float(min(1, ratio.squareRoot() + ratio))
    }
    let weights = counts.map { pow(Double($0), 0.75) }
    let total = weights.reduce(0, +)
    var noise: [Int] = []
    var sum = 0.0
    for (word, weight) in weights.enumerated() {
      sum += weight
      let end = Int((sum / total * Double(Self.noiseCount)).rounded())
      noise += Array(repeating: word, count: max(0, end - noise.count))
    }
    self.noise = noise
  }

  public var batchCount: Int? { nil }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Iterator {
    var random = RandomSource(seed: seed, at: epoch)
    let count = (text.count + Self.stretch - 1) / Self.stretch
    var iterator = Iterator(data: self, order: random.permutation(count)[...], random: random)
    for _ in 0..<max(0, batch) where iterator.next() == nil { break }
    return iterator
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator, Sendable {
    fileprivate let data: WordContexts
    fileprivate var order: ArraySlice<Int>
    fileprivate var random: RandomSource
    private var pairs: [(center: Int, neighbour: Int)] = []

    fileprivate init(data: WordContexts, order: ArraySlice<Int>, random: RandomSource) {
      (self.data, self.order, self.random) = (data, order, random)
    }

    public mutating func next() -> Batch? {
      while pairs.count < data.batchSize, let stretch = order.popFirst() { addPairs(of: stretch) }
      guard !pairs.isEmpty else { return nil }
      let batch = pairs.suffix(data.batchSize)
      defer { pairs.removeLast(batch.count) }
      let candidates = batch.flatMap { pair in
        [pair.neighbour]
          + (0..<data.negatives).map { _ in data.noise[Int.random(in: data.noise.indices, using: &random)] }
      }
      return Batch(
        centers: batch.map(\.center), candidates: Indices(candidates, columns: 1 + data.negatives))
    }

    private mutating func addPairs(of stretch: Int) {
      let start = stretch * WordContexts.stretch
      let words = data.text[start..<min(start + WordContexts.stretch, data.text.count)]
        .filter { random.uniform() < data.keeping[$0] }
      var new: [(Int, Int)] = []
      for (place, word) in words.enumerated() {
        let reach = Int.random(in: 1...data.window, using: &random)
        for other in max(0, place - reach)..<min(words.count, place + reach + 1) where other != place {
          new.append((word, words[other]))
        }
      }
      pairs += random.permutation(new.count).map { new[$0] }
    }
  }
}
