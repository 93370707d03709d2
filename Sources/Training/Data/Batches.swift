import Tensors

/// Examples in groups, for one epoch of training or evaluation.
public struct Batches: Sequence, Sendable {
  private let examples: Examples
  private let order: [Int]
  private let size: Int

  /// The number of batches; the last one may be smaller than the others.
  public var count: Int { order.count.dividedRoundingUp(by: size) }

  init(_ examples: Examples, order: [Int], size: Int) {
    self.examples = examples
    self.order = order
    self.size = Swift.max(1, Swift.min(size, order.count))
  }

  /// Gathers the batches one by one.
  public func makeIterator() -> AnyIterator<Examples> {
    var start = 0
    return AnyIterator {
      guard start < order.count else { return nil }
      defer { start += size }
      return examples.selecting(Array(order[start..<Swift.min(start + size, order.count)]))
    }
  }
}

extension Int {
  /// The number of parts of at most `size` that this number is cut into; both may be as large as they like.
  func dividedRoundingUp(by size: Int) -> Int { self / size + (self % size == 0 ? 0 : 1) }
}

/// The place among `count` at which a batch begins; `count` for one beyond the last.
func firstPlace(ofBatch batch: Int, of count: Int, size: Int) -> Int {
  batch < count.dividedRoundingUp(by: size) ? max(0, batch) * size : count
}

extension Examples {
  /// The examples in their order, in groups of `size`.
  public func batches(of size: Int) -> Batches { Batches(self, order: Array(0..<count), size: size) }

  /// The examples in random order, in groups of `size`.
  public func batches(of size: Int, shuffledBy random: inout RandomSource) -> Batches {
    Batches(self, order: random.permutation(count), size: size)
  }
}
