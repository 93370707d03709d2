import Operations
import Tensors

/// The means of as many windows as the output is to have, whatever the length of the sequence.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, length]` |
/// | output | `[batch, channels, size]` |
///
/// See ``adaptiveAveragePool(_:to:)``.
public struct AdaptiveAveragePool1D: Layer, Codable {
  /// The length of the output.
  public let size: Int

  /// A layer whose output has the given length.
  public init(_ size: Int) { self.size = size }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank == 3 else {
      throw ShapeError(self, expected: "[batch, channels, length]", got: input.shape)
    }
    return try reportingErrors(as: self) { try adaptiveAveragePool(input, to: Extent(length: size)) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 2 else {
      throw ShapeError(self, expected: "[channels, length] for an example", got: input)
    }
    return try reportingErrors(as: self) {
      try ResizingGeometry("adaptiveAveragePool", input: input.prepending(1), to: Extent(length: size))
        .outputShape.droppingFirst
    }
  }

  public var description: String { "AdaptiveAveragePool1D(\(size))" }
}
