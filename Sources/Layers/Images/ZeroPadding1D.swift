import Operations
import Tensors

/// A sequence with zeros before and after it.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, length]` |
/// | output | `[batch, channels, before + length + after]` |
///
/// See ``pad(_:by:value:)``.
public struct ZeroPadding1D: Layer, Codable {
  /// The zeros before each sequence.
  public let before: Int

  /// The zeros after each sequence.
  public let after: Int

  private var margins: Margins { Margins(before: before, after: after) }

  /// A layer that puts zeros on either side of its input.
  public init(before: Int, after: Int) { (self.before, self.after) = (before, after) }

  /// A layer that puts as many zeros before its input as after it.
  public init(_ both: Int) { self.init(before: both, after: both) }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank == 3 else {
      throw ShapeError(self, expected: "[batch, channels, length]", got: input.shape)
    }
    return try reportingErrors(as: self) { try pad(input, by: margins) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 2 else {
      throw ShapeError(self, expected: "[channels, length] for an example", got: input)
    }
    return try reportingErrors(as: self) {
      try ImageFrame("pad", input.prepending(1), margins).outputShape.droppingFirst
    }
  }

  public var description: String {
    before == after ? "ZeroPadding1D(\(before))" : "ZeroPadding1D(before: \(before), after: \(after))"
  }
}
