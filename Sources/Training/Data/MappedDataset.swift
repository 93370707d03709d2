/// Batches made from those of another data set, one from each.
public struct MappedDataset<Base: Dataset, Batch>: Dataset {
  fileprivate let base: Base
  fileprivate let transform: @Sendable (Base.Batch) throws -> Batch

  public var batchCount: Int? { base.batchCount }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) throws -> Iterator {
    Iterator(base: try base.makeIterator(epoch: epoch, seed: seed, from: batch), transform: transform)
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator {
    fileprivate var base: Base.Batches
    fileprivate let transform: @Sendable (Base.Batch) throws -> Batch

    public mutating func next() throws -> Batch? { try base.next().map(transform) }
  }
}

extension MappedDataset.Iterator: Sendable where Base.Batches: Sendable {}

extension Dataset {
  /// What `transform` makes of each batch.
  public func map<NewBatch>(_ transform: @escaping @Sendable (Batch) throws -> NewBatch) -> MappedDataset<
    Self, NewBatch
  > {
    MappedDataset(base: self, transform: transform)
  }
}
