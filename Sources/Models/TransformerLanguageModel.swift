import Layers
import Operations
import Tensors

/// A language model of causal transformer blocks: the decoder-only transformer.
///
///     let model = try TransformerLanguageModel(.init(vocabulary: 64, context: 128), seed: 7)
///     let loss = try model.loss(texts, in: pass)
///
/// | layer | output for `[batch, length]` |
/// |---|---|
/// | `embedding`, plus `positions` | `[batch, length, dimension]` |
/// | `blocks.K`: ``TransformerEncoderLayer``, normalized first | the same |
/// | `norm` | the same |
/// | `output` | `[batch, length, vocabulary]` |
///
/// It sees no further back than its context. Source: the lecture, section "Attention"; Radford et al., "Language models are
/// unsupervised multitask learners", 2019.
public struct TransformerLanguageModel: LanguageModel, ConfiguredModule {
  /// The sizes of a model, from which it can be built again.
  public struct Configuration: Codable, Sendable, Hashable {
    /// The number of different tokens.
    public var vocabulary: Int
    /// The most tokens that it sees.
    public var context: Int
    /// The size of a token's vector.
    public var dimension: Int
    /// Heads of each attention; they divide the dimension.
    public var heads: Int
    /// How many blocks lie on each other.
    public var layers: Int
    /// The rate of dropout in training.
    public var dropout: Float

    /// A model of the given sizes.
    public init(
      vocabulary: Int, context: Int = 128, dimension: Int = 128, heads: Int = 4, layers: Int = 4,
      dropout: Float = 0
    ) {
      (self.vocabulary, self.context, self.dimension) = (vocabulary, context, dimension)
      (self.heads, self.layers, self.dropout) = (heads, layers, dropout)
    }
  }

  /// What it keeps of a text: the keys and values of each block, and the tokens they are of.
  public struct Memory: Sendable {
    fileprivate var caches: [AttentionCache]
    fileprivate var tokens: [ArraySlice<Int>]
  }

  /// The sizes.
  public let configuration: Configuration

  private var embedding: Embedding
  private var positions: LearnedPositions
  private var blocks: [TransformerEncoderLayer]
  private var norm = LayerNorm()
  private var output: Dense

  public var vocabulary: Int { configuration.vocabulary }

  public var longest: Int { configuration.context }

  /// A model of the given sizes, its parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive, the heads do not divide the dimension, or the rate is not at least 0
  ///   and below 1.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    try checkSizes(
      of: "TransformerLanguageModel",
      [
        "a vocabulary": configuration.vocabulary, "a context": configuration.context,
        "a dimension": configuration.dimension, "blocks": configuration.layers,
      ])
    self.configuration = configuration
    let example: Shape = [configuration.context, configuration.dimension]
    embedding = Embedding(
      vocabulary: configuration.vocabulary, dimension: configuration.dimension,
      weightInitializer: .normal(mean: 0, deviation: 0.02))
    positions = LearnedPositions(longest: configuration.context)
    output = Dense(outputs: configuration.vocabulary)
    blocks = (0..<configuration.layers).map { _ in
      TransformerEncoderLayer(
        heads: configuration.heads, hidden: 4 * configuration.dimension, activation: .geluTanh,
        dropout: configuration.dropout, normalizesFirst: true, isCausal: true)
    }
    var random = RandomSource(seed: seed)
    try embedding.initialize(for: [example[0]], using: &random)
    try positions.initialize(for: example, using: &random)
    for index in blocks.indices { try blocks[index].initialize(for: example, using: &random) }
    try norm.initialize(for: example, using: &random)
    try output.initialize(for: example, using: &random)
  }

  public func scores(_ tokens: Indices, in pass: Pass) throws -> Tensor {
    var value = try Dropout(configuration.dropout)(positions(embedding(tokens), in: pass), in: pass)
    for block in blocks { value = try block(value, in: pass) }
    return try output(norm(value, in: pass), in: pass)
  }

  /// When the context is full, it goes on with the last half of it.
  public func scores(_ tokens: Indices, continuing memory: inout Memory?) throws -> Tensor {
    guard tokens.shape.rank == 2, tokens.shape[1] <= longest else {
      throw ShapeError(
        "TransformerLanguageModel", expected: "tokens [batch, at most \(longest)]", got: tokens.shape)
    }
    let (batch, length) = (tokens.shape[0], tokens.shape[1])
    let next = (0..<batch).map { tokens.elements[$0 * length..<($0 + 1) * length] }
    guard let seen = memory?.tokens, let known = seen.first?.count else {
      memory = Memory(caches: blocks.map { _ in AttentionCache() }, tokens: next)
      return try scores(tokens, &memory)
    }
    guard seen.count == batch else {
      throw ShapeError("TransformerLanguageModel", expected: "a batch of \(seen.count)", got: batch)
    }
    guard known + length > longest else {
      memory?.tokens = zip(seen, next).map { $0 + $1 }
      return try scores(tokens, &memory)
    }
    let kept = min(longest / 2, longest - length)
    let texts = zip(seen, next).map { $0.suffix(kept) + $1 }
    memory = Memory(caches: blocks.map { _ in AttentionCache() }, tokens: texts)
    let all = try scores(Indices(texts.flatMap(\.self), shape: [batch, kept + length]), &memory)
    return try slice(all, kept..<kept + length, along: 1)
  }

  /// Runs the next tokens through the blocks with their caches.
  private func scores(_ tokens: Indices, _ memory: inout Memory?) throws -> Tensor {
    var caches = memory?.caches ?? []
    var value = try positions(embedding(tokens), startingAt: caches.first?.length ?? 0)
    for (index, block) in zip(caches.indices, blocks) { value = try block(value, cache: &caches[index]) }
    memory?.caches = caches
    return try output(norm(value, in: .inference), in: .inference)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&embedding, named: "embedding")
    visitor.visit(&positions, named: "positions")
    for index in blocks.indices { visitor.visit(&blocks[index], named: "blocks.\(index)") }
    visitor.visit(&norm, named: "norm")
    visitor.visit(&output, named: "output")
  }
}
