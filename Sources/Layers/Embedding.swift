import Operations
import Tensors

/// A table of one learnt vector for each word of a vocabulary.
///
///     output[…, :] = weight[input[…], :]
///
/// | value | shape |
/// |---|---|
/// | input | `[batch, …]`, whole numbers in 0..<vocabulary |
/// | `weight` | `[vocabulary, dimension]` |
/// | output | `[batch, …, dimension]` |
///
/// Called with ``Indices``, or, so that it can stand first in a ``Sequential``, with a tensor of whole numbers. The
/// gradient is of the rows that the batch names, and so is the cost of a step of gradient descent; a rule with memory, such as Adam,
/// moves the whole table. `linear(_:weight:bias:activation:)` with the same
/// `weight` gives scores of all words from a vector: tied weights, whose gradients add up.
///
/// - Throws: when called, ``ShapeError``, naming the place, if an element is not whole or not in 0..<vocabulary.
public struct Embedding: WeightedLayer, Codable {
  private enum CodingKeys: CodingKey { case vocabulary, dimension, padding, weightInitializer }

  /// The number of words.
  public let vocabulary: Int

  /// The size of a word's vector.
  public let dimension: Int

  /// The word, if any, whose vector begins at zero and is learnt from nothing.
  public let padding: Int?

  /// How the other vectors begin.
  public let weightInitializer: Initializer

  /// One row a word; `nil` until the layer is initialized.
  ///
  /// One of another shape than before makes the next call throw.
  public var weight: Tensor?

  /// A table that gets its vectors when it is initialized, from the normal distribution unless set otherwise.
  public init(
    vocabulary: Int, dimension: Int, padding: Int? = nil,
    weightInitializer: Initializer = .normal(mean: 0, deviation: 1)
  ) {
    self.vocabulary = vocabulary
    self.dimension = dimension
    self.padding = padding
    self.weightInitializer = weightInitializer
  }

  /// A table of given vectors.
  ///
  /// - Throws: ``ShapeError`` if `weight` is not `[vocabulary, dimension]`, or `padding` is none of its rows.
  public init(weight: Tensor, padding: Int? = nil) throws {
    guard weight.shape.rank == 2 else {
      throw ShapeError("Embedding", expected: "a weight [vocabulary, dimension]", got: weight.shape)
    }
    self.init(vocabulary: weight.shape[0], dimension: weight.shape[1], padding: padding)
    self.weight = weight
    try checkSettings()
  }

  /// The vectors of the words that the indices name.
  public func callAsFunction(_ indices: Indices) throws -> Tensor {
    try embedding(indices, table: vectors(for: indices), padding: padding)
  }

  /// The weight, if the indices can be looked up in it.
  ///
  /// - Throws: ``ShapeError`` if there is none or one of another shape, or an index is not in 0..<vocabulary.
  func vectors(for indices: Indices) throws -> Tensor {
    guard let weight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: indices.shape)
    }
    guard weight.shape.array == [vocabulary, dimension] else {
      throw ShapeError(self, expected: "a weight [\(vocabulary), \(dimension)]", got: weight.shape)
    }
    if let complaint = indices.complaint(outside: vocabulary) {
      throw ShapeError(self, expected: "indices in 0..<\(vocabulary)", got: complaint)
    }
    return weight
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    let indices: Indices
    do { indices = try Indices(input) } catch {
      throw ShapeError(self, expected: error.expected, got: error.got)
    }
    return try self(indices)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    try checkSettings()
    guard input.rank + 2 <= Shape.maximumRank, let output = Shape(exactly: input.array + [dimension]) else {
      throw ShapeError(self, expected: "at most \(Shape.maximumRank - 2) axes for an example", got: input)
    }
    return output
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    guard weight == nil else { return }
    guard let shape = Shape(exactly: [vocabulary, dimension]), WeightLimit.allows(shape.count) else {
      throw ShapeError(
        self, expected: "at most \(WeightLimit.most) weights", got: "\(vocabulary) × \(dimension)")
    }
    var table = try weightInitializer(shape, using: &random)
    if let padding {
      table.withUnsafeMutableElements {
        for index in padding * dimension..<(padding + 1) * dimension { $0[index] = 0 }
      }
    }
    weight = table
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
  }

  public var description: String {
    "Embedding(\(vocabulary) → \(dimension)\(padding.map { ", padding: \($0)" } ?? ""))"
  }

  private func checkSettings() throws {
    guard vocabulary > 0, dimension > 0 else {
      throw ShapeError(
        self, expected: "at least one word and one dimension", got: "\(vocabulary) × \(dimension)")
    }
    guard padding.map({ (0..<vocabulary).contains($0) }) ?? true else {
      throw ShapeError(
        self, expected: "a padding index in 0..<\(vocabulary)", got: padding.map(String.init) ?? "none")
    }
  }
}
