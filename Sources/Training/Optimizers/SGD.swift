import Layers
import Tensors

/// Stochastic gradient descent, with momentum if wanted.
///
///     g ← ∂loss/∂θ + λ θ
///     b ← μ b + g                        b ← g at the first step
///     θ ← θ − α b                        Nesterov: θ ← θ − α (g + μ b)
///
/// Without momentum and weight decay it only adds gradients: of a table of which some rows have one, those alone are read and
/// written, and a gradient of few examples is multiplied into the weights in place.
///
/// Source: the lecture, section "Backpropagation"; Polyak, "Some methods of speeding up the convergence of iteration
/// methods", 1964; Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, whose
/// form of Nesterov's momentum differs; this is PyTorch's `SGD` with dampening 0.
public struct SGD: ElementwiseOptimizer {
  /// α.
  public var learningRate: Float

  /// μ, the weight of the past; 0 for none.
  public let momentum: Float

  /// Whether the step looks ahead along the momentum.
  public let isNesterov: Bool

  /// λ, the weight of θ in the gradient: an L2 penalty of λ/2 · θ².
  public let weightDecay: Float

  var memory = OptimizerMemory()

  /// Gradient descent with the learning rate α.
  public init(learningRate: Float, momentum: Float = 0, isNesterov: Bool = false, weightDecay: Float = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  var memoryNames: [String] { momentum == 0 ? [] : ["momentum"] }
  var gradientScale: Float? { momentum == 0 && weightDecay == 0 ? -learningRate : nil }

  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void {
    let (rate, decay, momentum, isNesterov) = (learningRate, weightDecay, momentum, isNesterov)
    guard momentum != 0 else {
      return { elements, range in
        let (parameter, gradient) = (elements.parameter, elements.gradient)
        for index in range { parameter[index] -= rate * (gradient[index] + decay * parameter[index]) }
      }
    }
    let past = step == 1 ? 0 : momentum
    let (own, ahead): (Float, Float) = isNesterov ? (1, momentum) : (0, 1)
    return { elements, range in
      let (parameter, gradient, sum) = (elements.parameter, elements.gradient, elements.memory[0])
      for index in range {
        let g = gradient[index] + decay * parameter[index]
        let b = past * sum[index] + g
        sum[index] = b.withoutSubnormal
        parameter[index] -= rate * (own * g + ahead * b)
      }
    }
  }
}
