import Operations
import Tensors

/// The same elements under another shape, example by example.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, …]`, as many elements an example as `shape` |
/// | output | `[batch]` followed by `shape` |
///
/// See ``reshape(_:to:)``; memory is shared.
public struct Reshape: Layer, Codable {
  /// The shape of an example of the output.
  public let shape: Shape

  /// A layer that gives each example the shape: `Reshape([1, 28, 28])`.
  public init(_ shape: Shape) { self.shape = shape }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank > 0, Shape(exactly: input.shape.array.dropFirst())?.count == shape.count,
      let batch = Shape(exactly: [input.shape[0]] + shape.array)
    else {
      throw ShapeError(self, expected: "[batch, …] of \(shape.count) elements an example", got: input.shape)
    }
    return try reshape(input, to: batch)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.count == shape.count, shape.rank < Shape.maximumRank else {
      throw ShapeError(self, expected: "\(shape.count) elements in an example", got: input)
    }
    return shape
  }

  public var description: String { "Reshape(\(shape))" }
}
