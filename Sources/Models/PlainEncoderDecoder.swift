import Layers
import Operations
import Tensors

/// An encoder–decoder without attention: all that the decoder is told of a sequence is the state in which the encoder ends.
///
///     let model = try PlainEncoderDecoder(.init(sourceVocabulary: 29, targetVocabulary: 74, beginning: 2, end: 3), seed: 7)
///     let answers = try model.answers(to: words)
///
/// | layer | output |
/// |---|---|
/// | `source`, `encoder`, its last state | `[batch, hidden]` |
/// | `target`, `decoder`, begun in that state | `[batch, target length, hidden]` |
/// | `output` | `[batch, target length, target vocabulary]` |
///
/// See ``EncoderDecoder`` for one that attends to what it reads. Source: the lecture, section "Encoder–decoder"; Cho et al.,
/// "Learning phrase representations using RNN encoder–decoder for statistical machine translation", 2014.
public struct PlainEncoderDecoder: ConfiguredModule {
  /// The sizes of a model, from which it can be built again.
  public struct Configuration: Codable, Sendable, Hashable {
    /// The number of different tokens that are read.
    public var sourceVocabulary: Int
    /// The number of different tokens that are written, beginning and end among them.
    public var targetVocabulary: Int
    /// The token before a target's first.
    public var beginning: Int
    /// The token after a target's last.
    public var end: Int
    /// The recurrent layers' kind.
    public var kind: RecurrentKind
    /// The size of a token's vector.
    public var dimension: Int
    /// Neurons of encoder and decoder.
    public var hidden: Int

    /// A model of the given sizes.
    public init(
      sourceVocabulary: Int, targetVocabulary: Int, beginning: Int, end: Int, kind: RecurrentKind = .gru,
      dimension: Int = 256, hidden: Int = 256
    ) {
      (self.sourceVocabulary, self.targetVocabulary) = (sourceVocabulary, targetVocabulary)
      (self.beginning, self.end, self.kind) = (beginning, end, kind)
      (self.dimension, self.hidden) = (dimension, hidden)
    }
  }

  /// The sizes.
  public let configuration: Configuration

  private var source: Embedding
  private var target: Embedding
  private var encoder: any RecurrentLayer
  private var decoder: any RecurrentLayer
  private var output: Dense

  /// A model of the given sizes, its parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive, or beginning or end is no token.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    let tokens = configuration.targetVocabulary
    try checkSizes(
      of: "PlainEncoderDecoder",
      [
        "a vocabulary to read": configuration.sourceVocabulary, "a vocabulary to write": tokens,
        "a dimension": configuration.dimension, "neurons": configuration.hidden,
      ])
    guard 0..<tokens ~= configuration.beginning, 0..<tokens ~= configuration.end else {
      throw ShapeError(
        "PlainEncoderDecoder", expected: "beginning and end in 0..<\(tokens)",
        got: "\(configuration.beginning) and \(configuration.end)")
    }
    self.configuration = configuration
    source = Embedding(vocabulary: configuration.sourceVocabulary, dimension: configuration.dimension)
    target = Embedding(vocabulary: tokens, dimension: configuration.dimension)
    encoder = configuration.kind.layer(hidden: configuration.hidden)
    decoder = configuration.kind.layer(hidden: configuration.hidden)
    output = Dense(outputs: tokens)
    var random = RandomSource(seed: seed)
    try source.initialize(for: [1], using: &random)
    try target.initialize(for: [1], using: &random)
    try encoder.initialize(for: [1, configuration.dimension], using: &random)
    try decoder.initialize(for: [1, configuration.dimension], using: &random)
    try output.initialize(for: [configuration.hidden], using: &random)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&source, named: "source")
    visitor.visit(&target, named: "target")
    visitor.visit(&encoder, named: "encoder")
    visitor.visit(&decoder, named: "decoder")
    visitor.visit(&output, named: "output")
  }

  /// The scores of each token to come next, at each place of the targets, the right tokens before it being told.
  ///
  /// - Returns: `[batch, longest target + 1, target vocabulary]`; places past the end of a target mean nothing.
  /// - Throws: ``ShapeError`` if there are not as many sources as targets, a source is empty, or a token is of no vocabulary.
  public func scores(_ sources: [[Int]], _ targets: [[Int]], in pass: Pass = .inference) throws -> Tensor {
    guard sources.count == targets.count else {
      throw ShapeError(
        "PlainEncoderDecoder", expected: "a target for each source",
        got: "\(sources.count) and \(targets.count)")
    }
    let given = Indices(padding: targets.map { [configuration.beginning] + $0 }, with: configuration.end)
    let (written, _) = try decoder(target(given), state: read(sources, in: pass), in: pass)
    return try output(written, in: pass)
  }

  /// The mean of −ln P(token | those before it, source) over all tokens of the targets and their ends.
  ///
  /// - Throws: as ``scores(_:_:in:)``.
  public func loss(_ sources: [[Int]], _ targets: [[Int]], in pass: Pass) throws -> Tensor {
    let scores = try scores(sources, targets, in: pass)
    return try crossEntropy(of: scores, targets: targets, end: configuration.end)
  }

  /// The likeliest target of each source that a beam search finds.
  ///
  /// - Parameters:
  ///   - beam: the beginnings that are kept at each step; with 1 the likeliest token is taken each time.
  ///   - longest: the most tokens of a target.
  /// - Throws: ``ShapeError`` if a source is empty, or a token is not of the vocabulary.
  public func answers(to sources: [[Int]], beam: Int = 1, longest: Int = 20) throws -> [[Int]] {
    guard !sources.isEmpty else { return [] }
    let search = BeamSearch(width: beam, longest: longest, end: configuration.end)
    var state = try read(sources, in: .inference)
      .rows(sources.indices.flatMap { Array(repeating: $0, count: search.width) })
    return try search.run(count: sources.count, beginning: configuration.beginning) { tokens, parents in
      let (written, next) = try decoder.step(target(Indices(tokens)), state: state.rows(parents))
      state = next
      return try logSoftmax(output(written))
    }
  }

  /// The state in which each source ends.
  private func read(_ sources: [[Int]], in pass: Pass) throws -> RecurrentState {
    let words = try source(Indices(padding: sources, with: 0))
    return try encoder(words, state: nil, lengths: sources.map(\.count), in: pass).state
  }
}
