import Tensors

/// Sequences with what is to be made of them, as batches of similar lengths: what an encoder–decoder learns from.
///
///     let pairs = try SequencePairs(spellings, pronunciations, batchSize: 64)
///     try trainer.fit(&model, to: pairs, epochs: 10) { try $0.loss($1.sources, $1.targets, in: $2) }
public struct SequencePairs: Dataset {
  /// What a step learns from: as many sources as targets.
  public struct Batch: Sendable, Hashable {
    /// What is read.
    public let sources: [[Int]]
    /// What is to be written for each.
    public let targets: [[Int]]
  }

  /// All pairs.
  public let pairs: Batch

  /// Pairs in a batch.
  public let batchSize: Int

  /// Pairs of sources and targets, by their positions.
  ///
  /// - Throws: ``DataError`` if a batch would have no pairs, or there are not as many sources as targets.
  public init(_ sources: [[Int]], _ targets: [[Int]], batchSize: Int) throws {
    guard batchSize > 0 else { throw DataError.batchSize(batchSize) }
    guard sources.count == targets.count else {
      throw DataError.countMismatch(inputs: sources.count, targets: targets.count)
    }
    pairs = Batch(sources: sources, targets: targets)
    self.batchSize = batchSize
  }

  public var batchCount: Int? { pairs.sources.count.dividedRoundingUp(by: batchSize) }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Iterator {
    var random = RandomSource(seed: seed, at: epoch)
    let batches = batchesByLength(pairs.sources.map(\.count), batchSize: batchSize, using: &random)
    return Iterator(pairs: pairs, batches: batches.dropFirst(max(0, batch)))
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator, Sendable {
    fileprivate let pairs: Batch
    fileprivate var batches: ArraySlice<[Int]>

    public mutating func next() -> Batch? {
      batches.popFirst().map { places in
        Batch(sources: places.map { pairs.sources[$0] }, targets: places.map { pairs.targets[$0] })
      }
    }
  }
}
