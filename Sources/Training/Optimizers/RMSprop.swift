import LinearAlgebra

/// RMSprop: the gradient divided by the root of its running mean square.
///
///     g ← ∂loss/∂θ + λ θ
///     v ← ρ v + (1 − ρ) g²
///     d ← g / (√v + ε)                   centred: g / (√(v − a²) + ε) with a ← ρ a + (1 − ρ) g
///     θ ← θ − α d                        with momentum: b ← μ b + d, θ ← θ − α b
///
/// Source: Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012; centred: Graves, "Generating
/// sequences with recurrent neural networks", 2013. PyTorch's `RMSprop`.
public struct RMSprop: ElementwiseOptimizer {
  /// α.
  public var learningRate: Float

  /// ρ, the weight of the past in the means.
  public let decay: Float

  /// ε, which bounds a step where gradients vanish.
  public let epsilon: Float

  /// μ; 0 for none.
  public let momentum: Float

  /// Whether the mean gradient is taken off.
  public let isCentered: Bool

  /// λ, the weight of θ in the gradient.
  public let weightDecay: Float

  var memory = OptimizerMemory()

  /// The rule with its parameters' usual values.
  public init(
    learningRate: Float = 1e-2, decay: Float = 0.99, epsilon: Float = 1e-8, momentum: Float = 0,
    isCentered: Bool = false, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    self.weightDecay = weightDecay
  }

  var memoryNames: [String] {
    ["square"] + (momentum == 0 ? [] : ["momentum"]) + (isCentered ? ["mean"] : [])
  }

  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void {
    let (rate, decay, epsilon, momentum, penalty) = (learningRate, decay, epsilon, momentum, weightDecay)
    let (isCentered, hasMomentum) = (isCentered, momentum != 0)
    return { elements, range in
      let (parameter, square) = (elements.parameter, elements.memory[0])
      let (sum, mean) = (elements.memory[hasMomentum ? 1 : 0], elements.memory[elements.memory.count - 1])
      elements.inPieces(of: range) { piece, roots in
        let first = piece.lowerBound
        for index in piece {
          let g = elements.gradient(at: index, penalty: penalty)
          let v = decay * square[index] + (1 - decay) * g * g
          square[index] = v.withoutSubnormal
          roots[index &- first] = v
        }
        if isCentered {
          for index in piece {
            let g = elements.gradient(at: index, penalty: penalty)
            let a = decay * mean[index] + (1 - decay) * g
            mean[index] = a.withoutSubnormal
            // Roundings can bring a variance of almost nothing below it.
            roots[index &- first] = max(0, roots[index &- first] - a * a)
          }
        }
        Elementary.squareRoot(roots)
        for index in piece {
          let g = elements.gradient(at: index, penalty: penalty)
          var d = g / (roots[index &- first] + epsilon)
          if hasMomentum {
            d += momentum * sum[index]
            sum[index] = d.withoutSubnormal
          }
          parameter[index] -= rate * d
        }
      }
    }
  }
}
