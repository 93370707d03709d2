import Layers
import Operations
import Tensors

/// A language model of an embedding, an LSTM and a fully connected layer.
///
///     let model = try RecurrentLanguageModel(.init(vocabulary: 64), seed: 7)
///     let loss = try model.loss(texts, in: pass)
///
/// | layer | output for `[batch, length]` |
/// |---|---|
/// | `embedding` | `[batch, length, dimension]` |
/// | `lstm` | `[batch, length, hidden]` |
/// | `output` | `[batch, length, vocabulary]` |
///
/// Source: the lecture, section "Recurrent neural networks"; Graves, "Generating sequences with recurrent neural networks",
/// 2013.
public struct RecurrentLanguageModel: LanguageModel, ConfiguredModule {
  /// The sizes of a model, from which it can be built again.
  public struct Configuration: Codable, Sendable, Hashable {
    /// The number of different tokens.
    public var vocabulary: Int
    /// The size of a token's vector.
    public var dimension: Int
    /// Neurons of an LSTM.
    public var hidden: Int
    /// How many LSTMs lie on each other.
    public var layers: Int
    /// The rate of dropout before, between and after them.
    public var dropout: Float

    /// A model of the given sizes.
    public init(
      vocabulary: Int, dimension: Int = 64, hidden: Int = 384, layers: Int = 1, dropout: Float = 0
    ) {
      (self.vocabulary, self.dimension) = (vocabulary, dimension)
      (self.hidden, self.layers, self.dropout) = (hidden, layers, dropout)
    }
  }

  /// The sizes.
  public let configuration: Configuration

  private var embedding: Embedding
  private var lstm: LSTM
  private var output: Dense

  public var vocabulary: Int { configuration.vocabulary }

  public let longest = 128

  /// A model of the given sizes, its parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive, or the rate not at least 0 and below 1.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    try checkSizes(
      of: "RecurrentLanguageModel",
      [
        "a vocabulary": configuration.vocabulary, "a dimension": configuration.dimension,
        "neurons": configuration.hidden,
      ])
    self.configuration = configuration
    embedding = Embedding(vocabulary: configuration.vocabulary, dimension: configuration.dimension)
    lstm = LSTM(hidden: configuration.hidden, layers: configuration.layers, dropout: configuration.dropout)
    output = Dense(outputs: configuration.vocabulary)
    var random = RandomSource(seed: seed)
    try embedding.initialize(for: [longest], using: &random)
    try lstm.initialize(for: [longest, configuration.dimension], using: &random)
    try output.initialize(for: [configuration.hidden], using: &random)
  }

  public func scores(_ tokens: Indices, in pass: Pass) throws -> Tensor {
    var memory: RecurrentState?
    return try scores(tokens, &memory, pass)
  }

  public func scores(_ tokens: Indices, continuing memory: inout RecurrentState?) throws -> Tensor {
    try scores(tokens, &memory, .inference)
  }

  private func scores(_ tokens: Indices, _ memory: inout RecurrentState?, _ pass: Pass) throws -> Tensor {
    let dropout = Dropout(configuration.dropout)
    let words = try dropout(embedding(tokens), in: pass)
    let (states, last) = try lstm(words, state: memory, in: pass)
    memory = last
    return try output(dropout(states, in: pass), in: pass)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&embedding, named: "embedding")
    visitor.visit(&lstm, named: "lstm")
    visitor.visit(&output, named: "output")
  }
}
