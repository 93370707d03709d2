import Layers
import Operations
import Tensors

/// Vectors of words, learnt from which words stand near each other: the skip-gram model with negative sampling.
///
///     loss of a pair = −ln ℓ(w · c) − Σ ln ℓ(−w · n),        w of the word, c of a neighbour, n of words drawn at random
///
/// | parameter | shape |
/// |---|---|
/// | `words.weight` | `[vocabulary, dimension]`, the vectors |
/// | `contexts.weight` | `[vocabulary, dimension]`, of the same words as neighbours |
///
/// A look-up is the product of a one-hot vector and a matrix, of which only one row is read: the lecture's picture of an
/// embedding. Source: the lecture, section "Embedding"; Mikolov et al., "Distributed representations of words and phrases and
/// their compositionality", 2013, equation 4.
public struct SkipGram: ConfiguredModule {
  /// The sizes of a model, from which it can be built again.
  public struct Configuration: Codable, Sendable, Hashable {
    /// The number of words.
    public var vocabulary: Int
    /// The size of a word's vector.
    public var dimension: Int

    /// A model of the given sizes.
    public init(vocabulary: Int, dimension: Int = 100) {
      (self.vocabulary, self.dimension) = (vocabulary, dimension)
    }
  }

  /// The sizes.
  public let configuration: Configuration

  /// The words' vectors.
  public private(set) var words: Embedding

  private var contexts: Embedding

  /// A model of the given sizes, its vectors small and drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    try checkSizes(
      of: "SkipGram", ["a vocabulary": configuration.vocabulary, "a dimension": configuration.dimension])
    self.configuration = configuration
    let bound = 0.5 / Float(configuration.dimension)
    words = Embedding(
      vocabulary: configuration.vocabulary, dimension: configuration.dimension,
      weightInitializer: .uniform(lower: -bound, upper: bound))
    contexts = Embedding(
      vocabulary: configuration.vocabulary, dimension: configuration.dimension,
      weightInitializer: .constant(0))
    var random = RandomSource(seed: seed)
    try words.initialize(for: [1], using: &random)
    try contexts.initialize(for: [1], using: &random)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&words, named: "words")
    visitor.visit(&contexts, named: "contexts")
  }

  /// The scores w · c of words with candidates for their neighbours: `[centers.count, candidates of each]`.
  ///
  /// - Parameters:
  ///   - centers: a word each.
  ///   - candidates: `[centers.count, candidates of each]`.
  /// - Throws: ``ShapeError`` if the shapes do not fit, or a word is not of the vocabulary.
  public func scores(_ centers: [Int], _ candidates: Indices) throws -> Tensor {
    guard candidates.shape.rank == 2, candidates.shape[0] == centers.count, candidates.shape.count > 0 else {
      throw ShapeError(
        "SkipGram", expected: "candidates [\(centers.count), 1 + negatives]", got: candidates.shape)
    }
    let vectors = try words(Indices(centers, columns: 1))
    return try sum(vectors * contexts(candidates), along: [2])
  }

  /// The mean loss of pairs.
  ///
  /// - Parameters:
  ///   - centers: a word each.
  ///   - candidates: `[centers.count, 1 + negatives]`: a neighbour of each, and words drawn at random.
  /// - Throws: as ``scores(_:_:)``.
  public func loss(_ centers: [Int], _ candidates: Indices) throws -> Tensor {
    let scores = try scores(centers, candidates)
    let count = candidates.shape[1]
    let targets = Tensor(shape: candidates.shape) { elements in
      for index in elements.indices { elements[index] = index % count == 0 ? 1 : 0 }
    }
    return try sigmoidCrossEntropy(scores, targets)
  }

  /// The words whose vectors have the smallest angles to a word's, and the cosines of these.
  ///
  /// - Throws: ``ShapeError`` if the word is not of the vocabulary.
  public func neighbours(of word: Int, count: Int) throws -> [(word: Int, cosine: Float)] {
    guard let table = words.weight, 0..<configuration.vocabulary ~= word else {
      throw ShapeError("SkipGram", expected: "a word in 0..<\(configuration.vocabulary)", got: word)
    }
    let row = try reshape(table.rows([word]), to: [configuration.dimension, 1])
    let products = try matrixProduct(table, row).array
    let lengths = try sum(square(table), along: [1]).array.map { $0.squareRoot() }
    return products.indices.filter { $0 != word }
      .map { ($0, products[$0] / max(lengths[$0] * lengths[word], .leastNormalMagnitude)) }
      .sorted { ($0.1, $1.0) > ($1.1, $0.0) }
      .prefix(max(0, count)).map { (word: $0.0, cosine: $0.1) }
  }
}
