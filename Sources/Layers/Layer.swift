import Tensors

/// A module that maps one tensor to one tensor.
///
/// Its shapes are those of one example; the tensors it is called with have the batch axis before them.
public protocol Layer: Module, CustomStringConvertible {
  /// The output for a batch of inputs, in a run for training or inference.
  func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor

  /// The shape of an example's output, given that of its input.
  ///
  /// - Throws: ``ShapeError`` if the layer cannot take such an input.
  func outputShape(for input: Shape) throws -> Shape

  /// Gives the layer its parameters, if it has not got them yet, now that the shape of its input is known.
  ///
  /// - Throws: ``ShapeError`` if the layer cannot take such an input.
  mutating func initialize(for input: Shape, using random: inout RandomSource) throws
}

extension Layer {
  /// The output for a batch of inputs, for inference.
  public func callAsFunction(_ input: Tensor) throws -> Tensor { try self(input, in: .inference) }

  /// This layer with parameters for inputs of the given shape, drawn from the seed; those that it already has stay.
  public func initialized(for input: Shape, seed: UInt64) throws -> Self {
    var layer = self
    var random = RandomSource(seed: seed)
    try layer.initialize(for: input, using: &random)
    return layer
  }
}

/// A layer without parameters needs to say nothing about them.
extension Layer {
  /// Shows the visitor nothing.
  public mutating func visit(_ visitor: inout ModuleVisitor) {}

  /// Checks the shape; there is nothing to initialize.
  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
  }
}
