import Operations
import Tensors

/// The mean, or the sum, of the vectors of a bag of words: a text whose order does not matter.
///
///     output[…, :] = mean over k of weight[input[…, k], :]
///
/// | value | shape |
/// |---|---|
/// | input | `[batch, …, words]`, whole numbers in 0..<vocabulary |
/// | `weight` | `[vocabulary, dimension]` |
/// | output | `[batch, …, dimension]` |
///
/// With a ``Dense`` behind it, this is fastText's classifier. It is an ``Embedding`` and a mean in one, and keeps none of the single
/// words' vectors. Called with ``Indices``, or, so that it can stand first in a ``Sequential``, with a tensor of whole
/// numbers. Source: Joulin et al., "Bag of tricks for efficient text classification", 2017.
///
/// - Throws: when called, ``ShapeError``, naming the place, if an element is not whole or not in 0..<vocabulary.
public struct EmbeddingBag: WeightedLayer, Codable {
  /// The vectors.
  private var table: Embedding

  /// How the vectors of a bag become one.
  public let reduction: BagReduction

  /// The number of words.
  public var vocabulary: Int { table.vocabulary }

  /// The size of a word's vector.
  public var dimension: Int { table.dimension }

  /// The word, if any, that counts for nothing: with it, bags of different sizes are filled up.
  public var padding: Int? { table.padding }

  /// One row a word; `nil` until the layer is initialized.
  ///
  /// One of another shape than before makes the next call throw.
  public var weight: Tensor? {
    get { table.weight }
    set { table.weight = newValue }
  }

  /// A table that gets its vectors when it is initialized, from the normal distribution unless set otherwise.
  public init(
    vocabulary: Int, dimension: Int, reduction: BagReduction = .mean, padding: Int? = nil,
    weightInitializer: Initializer = .normal(mean: 0, deviation: 1)
  ) {
    table = Embedding(
      vocabulary: vocabulary, dimension: dimension, padding: padding, weightInitializer: weightInitializer)
    self.reduction = reduction
  }

  /// A table of given vectors.
  ///
  /// - Throws: ``ShapeError`` if `weight` is not `[vocabulary, dimension]`, or `padding` is none of its rows.
  public init(weight: Tensor, reduction: BagReduction = .mean, padding: Int? = nil) throws {
    table = try Embedding(weight: weight, padding: padding)
    self.reduction = reduction
  }

  /// The mean, or the sum, of the vectors that each bag, along the last axis, names.
  public func callAsFunction(_ bags: Indices) throws -> Tensor {
    try reportingErrors(as: self) {
      try embeddingBag(bags, table: table.vectors(for: bags), reduction: reduction, padding: padding)
    }
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank >= 2 else {
      throw ShapeError(self, expected: "[batch, …, words]", got: input.shape)
    }
    return try self(reportingErrors(as: self) { try Indices(input) })
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard let words = input.array.last, words > 0 else {
      throw ShapeError(self, expected: "[…, words] for an example, and at least one word", got: input)
    }
    return try reportingErrors(as: self) { try table.outputShape(for: Shape(input.array.dropLast())) }
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    var table = table
    try reportingErrors(as: self) {
      try table.initialize(for: Shape(input.array.dropLast()), using: &random)
    }
    self.table = table
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    table.visit(&visitor)
  }

  public var description: String {
    let settings = [
      "\(vocabulary) → \(dimension)", reduction == .mean ? nil : "reduction: .\(reduction)",
      padding.map { "padding: \($0)" },
    ]
    return "EmbeddingBag(\(settings.compactMap(\.self).joined(separator: ", ")))"
  }
}
