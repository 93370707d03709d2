/// Lion: steps of one size, along the sign of the gradients' mean.
///
///     c ← β₁ m + (1 − β₁) ∂loss/∂θ
///     θ ← θ − α (sign(c) + λ θ)
///     m ← β₂ m + (1 − β₂) ∂loss/∂θ
///
/// Remembers half of what Adam does; wants a learning rate three to ten times smaller, and a weight decay as much larger.
/// The sign of zero is zero. Source: Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023,
/// program 1.
public struct Lion: ElementwiseOptimizer {
  /// α.
  public var learningRate: Float

  /// β₁, the weight of the past in the step.
  public let stepDecay: Float

  /// β₂, the weight of the past in the mean.
  public let meanDecay: Float

  /// λ: in a step, θ loses this share times α.
  public let weightDecay: Float

  var memory = OptimizerMemory()

  /// The rule with its parameters' usual values; from 0 to below 1 for the decays.
  public init(
    learningRate: Float = 1e-4, stepDecay: Float = 0.9, meanDecay: Float = 0.99, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.stepDecay = stepDecay
    self.meanDecay = meanDecay
    self.weightDecay = weightDecay
  }

  var memoryNames: [String] { ["mean"] }

  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void {
    let (rate, stepDecay, meanDecay, decay) = (learningRate, stepDecay, meanDecay, weightDecay)
    return { elements, range in
      let (parameter, gradient, mean) = (elements.parameter, elements.gradient, elements.memory[0])
      for index in range {
        let (g, m) = (gradient[index], mean[index])
        let c = stepDecay * m + (1 - stepDecay) * g
        let sign: Float = c > 0 ? 1 : c < 0 ? -1 : c
        parameter[index] -= rate * (sign + decay * parameter[index])
        mean[index] = (meanDecay * m + (1 - meanDecay) * g).withoutSubnormal
      }
    }
  }
}
