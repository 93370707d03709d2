import Tensors

/// Sequences of different lengths as one tensor, the shorter ones filled up at their ends.
public struct PaddedSequences: Sendable, Equatable {
  /// `[sequences, longest, …]`.
  public let values: Tensor

  /// The steps of each sequence; what lies beyond them in ``values`` is filling.
  public let lengths: [Int]

  /// Puts sequences `[steps, …]` of one kind of step together.
  ///
  /// - Parameter filling: what stands beyond a sequence's end, such as the padding index of an embedding.
  /// - Throws: ``ShapeError`` if a sequence has no axis of steps, or steps of another shape than the first one's.
  public init(_ sequences: [Tensor], filling: Float = 0) throws {
    let step = sequences.first.map(\.shape.droppingFirst) ?? []
    for shape in sequences.map(\.shape) where shape.rank == 0 || shape.droppingFirst != step {
      throw ShapeError("PaddedSequences", expected: "sequences [steps, …] of steps \(step)", got: shape)
    }
    self.init(sequences, step: step, filling: filling)
  }

  /// Sequences of steps of this shape.
  init(_ sequences: [Tensor], step: Shape, filling: Float) {
    lengths = sequences.map { $0.shape[0] }
    let longest = lengths.max() ?? 0
    values = Tensor(shape: step.prepending(longest).prepending(sequences.count)) { elements in
      elements.initialize(repeating: filling)
      for (index, sequence) in sequences.enumerated() {
        let start = index * longest * step.count
        sequence.withUnsafeElements { source in
          for (offset, value) in source.enumerated() { elements[start + offset] = value }
        }
      }
    }
  }

  /// Sequences of words, labels or other whole numbers: `[sequences, longest]`.
  public init(_ sequences: [[Int]], filling: Int = 0) {
    self.init(sequences.map { Tensor($0.map(Float.init)) }, step: [], filling: Float(filling))
  }
}

/// Groups of sequences of similar lengths, so that little of a batch is filling.
///
/// Sorts by length within stretches of a shuffled order, and shuffles the batches: the same seed gives the same batches.
///
/// - Parameters:
///   - lengths: of each sequence.
///   - batchSize: sequences in a batch, at least 1; the last of a stretch may have fewer.
///   - stretch: batches' worth of sequences that are sorted together.
/// - Returns: the positions of each batch's sequences.
public func batchesByLength(
  _ lengths: [Int], batchSize: Int, stretch: Int = 50, using random: inout RandomSource
) -> [[Int]] {
  let (size, order) = (max(1, batchSize), random.permutation(lengths.count))
  var batches: [[Int]] = []
  for start in stride(from: 0, to: order.count, by: size * max(1, stretch)) {
    let part = order[start..<min(start + size * max(1, stretch), order.count)]
      .enumerated().sorted { (lengths[$0.element], $0.offset) < (lengths[$1.element], $1.offset) }
      .map(\.element)
    for first in stride(from: 0, to: part.count, by: size) {
      batches.append(Array(part[first..<min(first + size, part.count)]))
    }
  }
  return random.permutation(batches.count).map { batches[$0] }
}
