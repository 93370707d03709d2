import Operations
import Tensors

/// An image with margins of zeros around it.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, height, width]` |
/// | output | `[batch, channels, top + height + bottom, left + width + right]` |
///
/// See ``pad(_:by:value:)``.
public struct ZeroPadding2D: Layer, Codable {
  /// The rows and columns of zeros.
  public let margins: Margins

  /// A layer that puts zeros around its input: `ZeroPadding2D(1)`, `ZeroPadding2D(Margins(height: 0, width: 2))`.
  public init(_ margins: Margins) { self.margins = margins }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank == 4 else {
      throw ShapeError(self, expected: "[batch, channels, height, width]", got: input.shape)
    }
    return try reportingErrors(as: self) { try pad(input, by: margins) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw ShapeError(self, expected: "[channels, height, width] for an example", got: input)
    }
    return try reportingErrors(as: self) {
      try ImageFrame("pad", input.prepending(1), margins).outputShape.droppingFirst
    }
  }

  public var description: String { "ZeroPadding2D(\(margins))" }
}
