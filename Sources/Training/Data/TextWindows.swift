import Tensors

/// Stretches of a long text as batches: what a language model learns from.
///
///     let windows = try TextWindows(tokens, length: 128, batchSize: 64)
///     try trainer.fit(&model, to: windows, epochs: 8) { model, texts, pass in try model.loss(texts, in: pass) }
///
/// An epoch cuts the text, from a random place near its beginning on, into stretches of `length + 1` tokens that overlap in
/// one, and shuffles them. A batch is `[batchSize, length + 1]`; the last one may have fewer.
public struct TextWindows: Dataset {
  /// The text, a number for each token.
  public let tokens: [Int]

  /// The tokens of a stretch that are predicted.
  public let length: Int

  /// Stretches in a batch.
  public let batchSize: Int

  /// The stretches of a text.
  ///
  /// - Throws: ``DataError`` if a batch would have no stretches; ``ShapeError`` if a stretch has no token, or the text is
  ///   shorter than two stretches.
  public init(_ tokens: [Int], length: Int, batchSize: Int) throws {
    guard batchSize > 0 else { throw DataError.batchSize(batchSize) }
    guard length > 0, tokens.count > 2 * length else {
      throw ShapeError(
        "TextWindows", expected: "a text of more than twice \(max(1, length)) tokens", got: tokens.count)
    }
    (self.tokens, self.length, self.batchSize) = (tokens, length, batchSize)
  }

  /// The stretches of an epoch: those that there are wherever the first one begins.
  private var count: Int { tokens.count / length - 1 }

  public var batchCount: Int? { count.dividedRoundingUp(by: batchSize) }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Iterator {
    var random = RandomSource(seed: seed, at: epoch)
    let start = Int.random(in: 0..<length, using: &random)
    let starts = random.permutation(count).map { start + $0 * length }
    return Iterator(
      windows: self, starts: starts.dropFirst(firstPlace(ofBatch: batch, of: starts.count, size: batchSize)))
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator, Sendable {
    fileprivate let windows: TextWindows
    fileprivate var starts: ArraySlice<Int>

    public mutating func next() throws -> Indices? {
      guard !starts.isEmpty else { return nil }
      defer { starts = starts.dropFirst(windows.batchSize) }
      let (batch, length) = (starts.prefix(windows.batchSize), windows.length + 1)
      return try Indices(
        batch.flatMap { windows.tokens[$0..<$0 + length] }, shape: [batch.count, length])
    }
  }
}
