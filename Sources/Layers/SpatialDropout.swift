import Operations
import Tensors

/// In training, drops whole channels of each example at random and enlarges the others to make up for it.
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels, …]` |
///
/// In inference the output is the input. Source: Tompson et al., "Efficient object localization using convolutional
/// networks", CVPR 2015, section 3.2.
///
/// - Throws: when called, ``ShapeError`` unless 0 ≤ `rate` < 1 and the input has a channel axis.
public struct SpatialDropout: Layer, Codable {
  /// The probability with which a channel is dropped.
  public let rate: Float

  /// A layer that drops channels with the given probability.
  public init(_ rate: Float) { self.rate = rate }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank >= 2, let example = Shape(exactly: input.shape.array.dropFirst()) else {
      throw ShapeError(self, expected: "[batch, channels, …]", got: input.shape)
    }
    _ = try outputShape(for: example)
    guard pass.mode == .training, rate > 0 else { return input }
    var random = pass.splitRandomness()
    return try spatialDropout(input, rate: rate, using: &random)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard rate >= 0, rate < 1 else {
      throw ShapeError(self, expected: "a rate of at least 0 and below 1", got: "\(rate)")
    }
    guard input.rank >= 1 else {
      throw ShapeError(self, expected: "[channels, …] for an example", got: input)
    }
    return input
  }

  public var description: String { "SpatialDropout(\(rate))" }
}
