import Tensors

/// Batches of what a stream gives one by one, such as the lines of a file too large for memory.
///
///     let lines = StreamedDataset(batchSize: 64, shuffleBuffer: 10_000) { _ in
///       var reader = try LineReader("reviews.txt")
///       return { try reader.next() }
///     } batch: { lines in try examples(of: lines) }
///
/// The stream is opened anew for each epoch. With a shuffle buffer, each element comes from a random place of so many that
/// are held ready: the order follows from the seed and the epoch. A training that goes on from the middle of an epoch reads
/// the stream up to there.
public struct StreamedDataset<Element, Batch>: Dataset {
  /// Gives elements until there are no more.
  public typealias Stream = () throws -> Element?

  private let batchSize, shuffleBuffer: Int
  private let open: @Sendable (_ epoch: Int) throws -> Stream
  private let batch: @Sendable ([Element]) throws -> Batch

  /// Batches of `batchSize` elements, at least 1; the last may have fewer.
  ///
  /// - Parameters:
  ///   - shuffleBuffer: the elements held ready for shuffling; 0 keeps the stream's order.
  ///   - open: the stream of an epoch.
  ///   - batch: puts elements together.
  public init(
    batchSize: Int, shuffleBuffer: Int = 0, open: @escaping @Sendable (_ epoch: Int) throws -> Stream,
    batch: @escaping @Sendable ([Element]) throws -> Batch
  ) {
    (self.batchSize, self.shuffleBuffer) = (max(1, batchSize), max(0, shuffleBuffer))
    (self.open, self.batch) = (open, batch)
  }

  public var batchCount: Int? { nil }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) throws -> Iterator {
    var iterator = Iterator(
      stream: try open(epoch), size: batchSize, buffer: shuffleBuffer,
      random: RandomSource(seed: seed, at: epoch),
      batch: self.batch)
    for _ in 0..<max(0, batch) { _ = try iterator.elements() }
    return iterator
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator {
    fileprivate let stream: Stream
    fileprivate let size, buffer: Int
    fileprivate var random: RandomSource
    fileprivate let batch: ([Element]) throws -> Batch
    private var held: [Element] = []
    private var isAtEnd = false

    fileprivate init(
      stream: @escaping Stream, size: Int, buffer: Int, random: RandomSource,
      batch: @escaping ([Element]) throws -> Batch
    ) {
      (self.stream, self.size, self.buffer) = (stream, size, buffer)
      (self.random, self.batch) = (random, batch)
    }

    public mutating func next() throws -> Batch? {
      let elements = try elements()
      return elements.isEmpty ? nil : try batch(elements)
    }

    /// The elements of the next batch.
    fileprivate mutating func elements() throws -> [Element] {
      var elements: [Element] = []
      while elements.count < size, let element = try element() { elements.append(element) }
      return elements
    }

    private mutating func element() throws -> Element? {
      while !isAtEnd, held.count <= buffer {
        guard let element = try stream() else {
          isAtEnd = true
          break
        }
        held.append(element)
      }
      guard !held.isEmpty else { return nil }
      guard buffer > 0 else { return held.removeFirst() }
      held.swapAt(Int.random(in: held.indices, using: &random), held.count - 1)
      return held.removeLast()
    }
  }
}
