import Operations
import Tensors

/// Adds a learnt vector for its place to each element of a sequence.
///
///     output[b, t, :] = input[b, t, :] + weight[t, :]
///
/// | value | shape |
/// |---|---|
/// | input, output | `[batch, length, dimension]`, length ≤ `longest` |
/// | `weight` | `[longest, dimension]` |
///
/// The weights begin with normal numbers of deviation 0.02. Source: Radford et al., "Improving language understanding by
/// generative pre-training", 2018.
///
/// - Throws: when called, ``ShapeError`` if the input has no two axes after the batch's, or the sequence is too long.
public struct LearnedPositions: Layer, Codable {
  private enum CodingKeys: CodingKey { case longest }

  /// The greatest length of a sequence.
  public let longest: Int

  /// One row a place; `nil` until the dimension is known.
  public private(set) var weight: Tensor?

  /// A layer for sequences of at most the given length.
  public init(longest: Int) { self.longest = longest }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try self(input, startingAt: 0, in: pass)
  }

  /// The output for the continuation of a sequence from a place on.
  public func callAsFunction(_ input: Tensor, startingAt start: Int, in pass: Pass = .inference) throws
    -> Tensor
  {
    guard let weight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    guard weight.shape.rank == 2, weight.shape[0] == longest else {
      throw ShapeError(self, expected: "a weight [\(longest), dimension]", got: weight.shape)
    }
    guard input.shape.rank >= 3, input.shape[-1] == weight.shape[1], 0...longest ~= start,
      input.shape[-2] <= longest - start
    else {
      throw ShapeError(
        self, expected: "[batch, length, \(weight.shape[1])] of at most \(longest) places",
        got: "\(input.shape)\(start == 0 ? "" : " from place \(start) on")")
    }
    return try addPositions(to: input, from: weight, startingAt: start)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank >= 2, input[-1] > 0, input[-2] <= longest,
      weight.map({ $0.shape == [longest, input[-1]] }) ?? true
    else {
      let dimension = weight.map { "\($0.shape.array.last ?? 0)" } ?? "dimension"
      throw ShapeError(
        self, expected: "[length, \(dimension)] of at most \(longest) places for an example", got: input)
    }
    return input
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    guard weight == nil else { return }
    guard let shape = Shape(exactly: [longest, input[-1]]), WeightLimit.allows(shape.count) else {
      throw ShapeError(
        self, expected: "at most \(WeightLimit.most) weights", got: "\(longest) × \(input[-1])")
    }
    weight = try Initializer.normal(mean: 0, deviation: 0.02)(shape, using: &random)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
  }

  public var description: String { "LearnedPositions(\(longest))" }
}
