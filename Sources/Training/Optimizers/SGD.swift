import Layers
import Tensors

/// Stochastic gradient descent: θ ← θ − α ∂loss/∂θ.
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
