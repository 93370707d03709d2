import Operations
import Tensors

/// All elements of an example in a row: what comes between convolutions and fully connected layers.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, a, b, …]` |
/// | output | `[batch, a · b · …]` |
///
/// See ``flatten(_:from:)``; memory is shared.
public struct Flatten: Layer, Codable {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank > 0 else { throw ShapeError(self, expected: "[batch, …]", got: input.shape) }
    return input.shape.rank == 1
      ? try reshape(input, to: [input.shape[0], 1]) : try flatten(input)
  }

  public func outputShape(for input: Shape) throws -> Shape { [input.count] }

  public var description: String { "Flatten()" }
}
