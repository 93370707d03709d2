import Tensors

/// Series of different lengths as batches, each filled up to its longest.
public struct SeriesDataset: Dataset {
  /// What a step learns from.
  public struct Batch: Sendable, Equatable {
    /// The series.
    public let series: PaddedSequences
    /// The class of each.
    public let labels: [Int]
  }

  /// All series.
  public let series: LabelledSeries

  /// Series in a batch.
  public let batchSize: Int

  fileprivate init(series: LabelledSeries, batchSize: Int) {
    (self.series, self.batchSize) = (series, batchSize)
  }

  public var batchCount: Int? { series.labels.count.dividedRoundingUp(by: batchSize) }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Iterator {
    var random = RandomSource(seed: seed, at: epoch)
    let order = random.permutation(series.labels.count)
    return Iterator(
      data: self, order: order.dropFirst(firstPlace(ofBatch: batch, of: order.count, size: batchSize)))
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator, Sendable {
    fileprivate let data: SeriesDataset
    fileprivate var order: ArraySlice<Int>

    public mutating func next() throws -> Batch? {
      guard !order.isEmpty else { return nil }
      defer { order = order.dropFirst(data.batchSize) }
      let places = order.prefix(data.batchSize)
      return Batch(
        series: try PaddedSequences(places.map { data.series.series[$0] }),
        labels: places.map { data.series.labels[$0] })
    }
  }
}

extension LabelledSeries {
  /// The series as batches of `batchSize`, shuffled anew in each epoch.
  ///
  /// - Throws: ``DataError`` if a batch would have no series.
  public func dataset(batchSize: Int) throws -> SeriesDataset {
    guard batchSize > 0 else { throw DataError.batchSize(batchSize) }
    return SeriesDataset(series: self, batchSize: batchSize)
  }
}
