import Operations
import Tensors

/// The means of as many windows as the output is to have, whatever the size of the image.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, height, width]` |
/// | output | `[batch, channels, size.height, size.width]` |
///
/// See ``adaptiveAveragePool(_:to:)``.
public struct AdaptiveAveragePool2D: Layer, Codable {
  /// The size of the output.
  public let size: Extent

  /// A layer whose output has the given size.
  public init(_ size: Extent) { self.size = size }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank == 4 else {
      throw ShapeError(self, expected: "[batch, channels, height, width]", got: input.shape)
    }
    return try reportingErrors(as: self) { try adaptiveAveragePool(input, to: size) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw ShapeError(self, expected: "[channels, height, width] for an example", got: input)
    }
    return try reportingErrors(as: self) {
      try ResizingGeometry("adaptiveAveragePool", input: input.prepending(1), to: size).outputShape
        .droppingFirst
    }
  }

  public var description: String { "AdaptiveAveragePool2D(\(size))" }
}
