import LinearAlgebra

/// Adadelta: steps whose size is that of the steps before, with no rate to choose.
///
///     g ← ∂loss/∂θ + λ θ
///     v ← ρ v + (1 − ρ) g²
///     d ← √(u + ε) / √(v + ε) · g
///     u ← ρ u + (1 − ρ) d²
///     θ ← θ − α d
///
/// Source: Zeiler, "ADADELTA: an adaptive learning rate method", 2012. PyTorch's `Adadelta`.
public struct Adadelta: ElementwiseOptimizer {
  /// α, 1 in the paper.
  public var learningRate: Float

  /// ρ, the weight of the past in the means.
  public let decay: Float

  /// ε, which begins the steps and bounds them.
  public let epsilon: Float

  /// λ, the weight of θ in the gradient.
  public let weightDecay: Float

  var memory = OptimizerMemory()

  /// The rule with its parameters' usual values.
  public init(learningRate: Float = 1, decay: Float = 0.9, epsilon: Float = 1e-6, weightDecay: Float = 0) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  var memoryNames: [String] { ["square", "step-square"] }

  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void {
    let (rate, decay, epsilon, penalty) = (learningRate, decay, epsilon, weightDecay)
    return { elements, range in
      let (parameter, square, stepSquare) = (elements.parameter, elements.memory[0], elements.memory[1])
      elements.inPieces(of: range) { piece, ratios in
        let first = piece.lowerBound
        for index in piece {
          let g = elements.gradient(at: index, penalty: penalty)
          let v = decay * square[index] + (1 - decay) * g * g
          square[index] = v.withoutSubnormal
          ratios[index &- first] = (stepSquare[index] + epsilon) / (v + epsilon)
        }
        Elementary.squareRoot(ratios)
        for index in piece {
          let g = elements.gradient(at: index, penalty: penalty)
          let d = ratios[index &- first] * g
          stepSquare[index] = (decay * stepSquare[index] + (1 - decay) * d * d).withoutSubnormal
          parameter[index] -= rate * d
        }
      }
    }
  }
}
