import Layers
import Tensors

/// Stochastic gradient descent: θ ← θ − α ∂loss/∂θ.
///
/// Of a table of which only some rows have a gradient, only those are read and written.
///
/// Source: the lecture, section "Backpropagation".
public struct SGD: Optimizer {
  /// α.
  public var learningRate: Float

  /// Gradient descent with the learning rate α.
  public init(learningRate: Float) { self.learningRate = learningRate }

  public mutating func update(_ model: inout some Module, with gradients: Gradients) throws {
    try model.update(with: gradients) { parameter, gradient in
      parameter.add(gradient, scaledBy: -learningRate)
    }
  }
}
