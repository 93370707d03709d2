import Layers
import Tensors

/// A rule that changes parameters by their gradients.
public protocol Optimizer: Sendable {
  /// The size of a step along the gradient.
  var learningRate: Float { get set }

  /// Changes the parameters of `model` in place.
  ///
  /// - Throws: ``ShapeError`` if the gradients are not this model's.
  mutating func update(_ model: inout some Module, with gradients: Gradients) throws
}
