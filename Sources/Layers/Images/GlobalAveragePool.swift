import Operations
import Tensors

/// The mean of each channel: what turns an image of any size into one number a channel.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, height, width]` or `[batch, channels, length]` |
/// | output | `[batch, channels]` |
///
/// See ``globalAveragePool(_:)``.
public struct GlobalAveragePool: Layer, Codable {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try reportingErrors(as: self) { try globalAveragePool(input) }
  }

  public func outputShape(for input: Shape) throws -> Shape { try channels(of: input, for: self) }

  public var description: String { "GlobalAveragePool()" }
}

/// `[channels]` of an example with at least one element in each.
func channels(of input: Shape, for layer: some Layer) throws(ShapeError) -> Shape {
  guard input.rank > 1, input.array.dropFirst().allSatisfy({ $0 > 0 }) else {
    throw ShapeError(layer, expected: "[channels, height, width] or [channels, length]", got: input)
  }
  return [input[0]]
}
