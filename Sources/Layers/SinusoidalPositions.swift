import Operations
import Tensors

/// Adds sines and cosines of its place to each element of a sequence; nothing to learn, and no longest length.
///
///     output[b, t, :] = input[b, t, :] + sinusoids[t, :]
///
/// | value | shape |
/// |---|---|
/// | input, output | `[batch, length, dimension]` |
///
/// See ``sinusoids(length:dimension:startingAt:base:)``. Source: Vaswani et al., "Attention is all you need", 2017, section
/// 3.5.
///
/// - Throws: when called, ``ShapeError`` if the input has no two axes after the batch's.
public struct SinusoidalPositions: Layer, Codable {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try self(input, startingAt: 0, in: pass)
  }

  /// The output for the continuation of a sequence from a place on.
  public func callAsFunction(_ input: Tensor, startingAt start: Int, in pass: Pass = .inference) throws
    -> Tensor
  {
    guard input.shape.rank >= 3 else {
      throw ShapeError(self, expected: "[batch, length, dimension]", got: input.shape)
    }
    let places = try sinusoids(length: input.shape[-2], dimension: input.shape[-1], startingAt: start)
    return try addPositions(to: input, from: places)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank >= 2 else {
      throw ShapeError(self, expected: "[length, dimension] for an example", got: input)
    }
    return input
  }

  public var description: String { "SinusoidalPositions()" }
}
