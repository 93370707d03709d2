import Tensors

/// Batches to learn from, epoch after epoch, in an order that follows from the seed.
///
/// The batches of an epoch are a function of the seed and the epoch's number alone. A place in a training is therefore two
/// numbers, and a training can go on from any of them.
///
///     let data = examples.dataset(batchSize: 32)
///     var batches = try data.makeIterator(epoch: 0, seed: 7)
///     while let batch = try batches.next() { … }
public protocol Dataset: Sendable {
  /// What a step learns from.
  associatedtype Batch

  /// Gives an epoch's batches one by one.
  associatedtype Batches: BatchIterator where Batches.Batch == Batch

  /// The batches of an epoch; `nil` where only reading them tells.
  var batchCount: Int? { get }

  /// The batches of an epoch, counted from 0, from the given one on.
  func makeIterator(epoch: Int, seed: UInt64, from batch: Int) throws -> Batches
}

/// Gives batches until there are no more, or reading fails.
public protocol BatchIterator {
  /// What is given.
  associatedtype Batch

  /// The next batch; `nil` at the end.
  mutating func next() throws -> Batch?
}

extension Dataset {
  /// All batches of an epoch.
  public func makeIterator(epoch: Int, seed: UInt64) throws -> Batches {
    try makeIterator(epoch: epoch, seed: seed, from: 0)
  }
}

/// Examples in memory as batches.
public struct ExamplesDataset: Dataset {
  /// The examples.
  public let examples: Examples

  /// Examples in a batch, at least 1; the last batch may have fewer.
  public let batchSize: Int

  /// Whether each epoch has an order of its own.
  public let isShuffled: Bool

  /// Whether a last batch of fewer examples is left out.
  public let dropsLast: Bool

  fileprivate init(examples: Examples, batchSize: Int, isShuffled: Bool, dropsLast: Bool) {
    (self.examples, self.batchSize, self.isShuffled, self.dropsLast) = (
      examples, batchSize, isShuffled, dropsLast
    )
  }

  public var batchCount: Int? {
    dropsLast ? examples.count / batchSize : examples.count.dividedRoundingUp(by: batchSize)
  }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Iterator {
    var random = RandomSource(seed: seed, at: epoch)
    let order = isShuffled ? random.permutation(examples.count) : Array(0..<examples.count)
    let end = dropsLast ? order.count - order.count % batchSize : order.count
    return Iterator(
      examples: examples, order: order[firstPlace(ofBatch: batch, of: end, size: batchSize)..<end],
      size: batchSize)
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator, Sendable {
    fileprivate let examples: Examples
    fileprivate var order: ArraySlice<Int>
    fileprivate let size: Int

    public mutating func next() -> Examples? {
      guard !order.isEmpty else { return nil }
      defer { order = order.dropFirst(size) }
      return examples.selecting(order.prefix(size))
    }
  }
}

extension Examples {
  /// The examples as batches of `batchSize`, shuffled anew in each epoch.
  ///
  /// - Throws: ``DataError`` if a batch would have no examples.
  public func dataset(batchSize: Int, shuffled: Bool = true, dropsLast: Bool = false) throws
    -> ExamplesDataset
  {
    guard batchSize > 0 else { throw DataError.batchSize(batchSize) }
    return ExamplesDataset(
      examples: self, batchSize: batchSize, isShuffled: shuffled, dropsLast: dropsLast)
  }
}
