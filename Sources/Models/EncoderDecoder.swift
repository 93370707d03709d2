import Layers
import Operations
import Tensors

/// An encoder–decoder for sequences: one LSTM reads, another writes and attends to what was read.
///
///     let model = try EncoderDecoder(.init(sourceVocabulary: 26, targetVocabulary: 39), seed: 7)
///     let loss = try model.loss(spellings, pronunciations, in: pass)
///     let answers = try model.answers(to: spellings, beam: 4)
///
/// | layer | output |
/// |---|---|
/// | `source`, `encoder` (in both directions) | `[batch, source length, 2 · hidden]` |
/// | `target`, `decoder`, begun in the encoder's last states | `[batch, target length, 2 · hidden]` |
/// | `query`, attention over what the encoder gave | `[batch, target length, 2 · hidden]`, the contexts |
/// | `combination` of context and decoder's output, tanh | `[batch, target length, 2 · hidden]` |
/// | `output` | `[batch, target length, target vocabulary + 1]` |
///
/// Tokens are numbers from 0 on. Beside them the decoder knows one for the beginning and one for the end, which nobody else
/// needs to. Source: the lecture, section "Encoder–decoder"; Sutskever, Vinyals and Le, "Sequence to sequence learning with
/// neural networks", 2014; Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation",
/// 2015, equations 5 to 8, "general".
public struct EncoderDecoder: ConfiguredModule {
  /// The sizes of a model, from which it can be built again.
  public struct Configuration: Codable, Sendable, Hashable {
    /// The number of different tokens that are read.
    public var sourceVocabulary: Int
    /// The number of different tokens that are written.
    public var targetVocabulary: Int
    /// The size of a token's vector.
    public var dimension: Int
    /// Neurons of the encoder in each direction; the decoder has twice as many.
    public var hidden: Int
    /// How many LSTMs lie on each other, in both.
    public var layers: Int
    /// The rate of dropout of vectors, between layers and before the output.
    public var dropout: Float

    /// A model of the given sizes.
    public init(
      sourceVocabulary: Int, targetVocabulary: Int, dimension: Int = 128, hidden: Int = 128, layers: Int = 2,
      dropout: Float = 0.2
    ) {
      (self.sourceVocabulary, self.targetVocabulary) = (sourceVocabulary, targetVocabulary)
      (self.dimension, self.hidden, self.layers) = (dimension, hidden, layers)
      self.dropout = dropout
    }
  }

  /// The sizes.
  public let configuration: Configuration

  private var source: Embedding
  private var target: Embedding
  private var encoder: LSTM
  private var decoder: LSTM
  private var query: Dense
  private var combination: Dense
  private var output: Dense

  /// A model of the given sizes, its parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive, or the rate not at least 0 and below 1.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    self.configuration = configuration
    let (dimension, hidden) = (configuration.dimension, configuration.hidden)
    let (layers, dropout) = (configuration.layers, configuration.dropout)
    try checkSizes(
      of: "EncoderDecoder",
      [
        "a vocabulary to read": configuration.sourceVocabulary,
        "a vocabulary to write": configuration.targetVocabulary, "a dimension": dimension, "neurons": hidden,
      ])
    let (width, tokens) = (2 * hidden, configuration.targetVocabulary)
    source = Embedding(vocabulary: configuration.sourceVocabulary, dimension: dimension)
    target = Embedding(vocabulary: tokens + 2, dimension: dimension)
    encoder = LSTM(hidden: hidden, layers: layers, bidirectional: true, dropout: dropout)
    decoder = LSTM(hidden: width, layers: layers, dropout: dropout)
    query = Dense(outputs: width, bias: false)
    combination = Dense(outputs: width, activation: .tanh)
    output = Dense(outputs: tokens + 1)
    var random = RandomSource(seed: seed)
    try source.initialize(for: [1], using: &random)
    try target.initialize(for: [1], using: &random)
    try encoder.initialize(for: [1, dimension], using: &random)
    try decoder.initialize(for: [1, dimension], using: &random)
    try query.initialize(for: [width], using: &random)
    try combination.initialize(for: [2 * width], using: &random)
    try output.initialize(for: [width], using: &random)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&source, named: "source")
    visitor.visit(&target, named: "target")
    visitor.visit(&encoder, named: "encoder")
    visitor.visit(&decoder, named: "decoder")
    visitor.visit(&query, named: "query")
    visitor.visit(&combination, named: "combination")
    visitor.visit(&output, named: "output")
  }

  private var end: Int { configuration.targetVocabulary }
  private var beginning: Int { configuration.targetVocabulary + 1 }

  /// The scores of each token to come next, at each place of the targets, the right tokens before it being told.
  ///
  /// - Returns: `[batch, longest target + 1, target vocabulary + 1]`, of which the last token is the end; places past the end
  ///   of a target mean nothing.
  /// - Throws: ``ShapeError`` if there are not as many sources as targets, a source is empty, or a token is of no vocabulary.
  public func scores(_ sources: [[Int]], _ targets: [[Int]], in pass: Pass = .inference) throws -> Tensor {
    guard sources.count == targets.count else {
      throw ShapeError(
        "EncoderDecoder", expected: "a target for each source", got: "\(sources.count) and \(targets.count)")
    }
    if let token = targets.joined().first(where: { !(0..<end).contains($0) }) {
      throw ShapeError("EncoderDecoder", expected: "tokens in 0..<\(end)", got: token)
    }
    let memory = try read(sources, in: pass)
    let given = Indices(padding: targets.map { [beginning] + $0 }, with: end)
    let (written, _) = try decoder(vectors(given, of: target, in: pass), state: memory.state, in: pass)
    return try scores(written, memory, in: pass)
  }

  /// The mean of −ln P(token | those before it, source) over all tokens of the targets and their ends.
  ///
  /// - Parameter smoothing: the share of each token's probability that is to be spread over all; in training.
  /// - Throws: as ``scores(_:_:in:)``.
  public func loss(
    _ sources: [[Int]], _ targets: [[Int]], smoothing: Float = 0, in pass: Pass
  ) throws -> Tensor {
    try crossEntropy(
      of: scores(sources, targets, in: pass), targets: targets, end: end,
      smoothing: pass.mode == .training ? smoothing : 0)
  }

  /// The likeliest target of each source that a beam search finds.
  ///
  /// - Parameters:
  ///   - beam: the beginnings that are kept at each step; with 1 the likeliest token is taken each time.
  ///   - longest: the most tokens of a target.
  /// - Throws: ``ShapeError`` if a source is empty, or a token is not of the vocabulary.
  public func answers(to sources: [[Int]], beam: Int = 4, longest: Int = 64) throws -> [[Int]] {
    guard !sources.isEmpty else { return [] }
    let search = BeamSearch(width: beam, longest: longest, end: end)
    var memory = try read(sources, in: .inference)
    memory = memory.rows(sources.indices.flatMap { Array(repeating: $0, count: search.width) })
    return try search.run(count: sources.count, beginning: beginning) { tokens, parents in
      memory.state = memory.state.rows(parents)
      let (written, state) = try decoder.step(
        target(Indices(tokens)), state: memory.state)
      memory.state = state
      let step = try reshape(written, to: [tokens.count, 1, written.shape[1]])
      return try logSoftmax(reshape(scores(step, memory, in: .inference), to: [tokens.count, end + 1]))
    }
  }

  /// What the decoder is told of the sources.
  private struct Memory {
    /// `[batch, source length, 2 · hidden]`.
    var values: Tensor
    var lengths: [Int]
    var state: RecurrentState

    func rows(_ indices: [Int]) -> Memory {
      Memory(values: values.rows(indices), lengths: indices.map { lengths[$0] }, state: state.rows(indices))
    }
  }

  private func read(_ sources: [[Int]], in pass: Pass) throws -> Memory {
    let lengths = sources.map(\.count)
    guard let shortest = lengths.min(), shortest > 0 else {
      throw ShapeError("EncoderDecoder", expected: "sources of at least one token", got: "\(lengths)")
    }
    let words = try vectors(Indices(padding: sources, with: 0), of: source, in: pass)
    let (values, state) = try encoder(words, state: nil, lengths: lengths, in: pass)
    func joined(_ directions: [Tensor]) throws -> [Tensor] {
      try stride(from: 0, to: directions.count, by: 2).map {
        try concatenate(Array(directions[$0..<$0 + 2]), along: 1)
      }
    }
    let joint = RecurrentState(hidden: try joined(state.hidden), cell: try joined(state.cell))
    return Memory(values: values, lengths: lengths, state: joint)
  }

  private func vectors(_ tokens: Indices, of embedding: Embedding, in pass: Pass) throws -> Tensor {
    try Dropout(configuration.dropout)(embedding(tokens), in: pass)
  }

  /// The scores of the next tokens after the decoder's outputs `[batch, steps, 2 · hidden]`.
  private func scores(_ written: Tensor, _ memory: Memory, in pass: Pass) throws -> Tensor {
    let context = try scaledDotProductAttention(
      queries: query(written, in: pass), keys: memory.values, values: memory.values, heads: 1,
      mask: AttentionMask(lengths: memory.lengths), scale: 1)
    let both = try combination(concatenate([context, written], along: 2), in: pass)
    return try output(Dropout(configuration.dropout)(both, in: pass), in: pass)
  }
}
