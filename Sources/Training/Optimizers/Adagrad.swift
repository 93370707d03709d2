import LinearAlgebra

/// Adagrad: the gradient divided by the root of the sum of all its squares.
///
///     g ← ∂loss/∂θ + λ θ
///     s ← s + g²
///     θ ← θ − α / (1 + (t − 1) η) · g / (√s + ε)        at step t = 1, 2, …
///
/// Of a table of which only some rows have a gradient, only those are read and written, for the others' would not change
/// anything; with weight decay all are.
///
/// Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR
/// 2011. PyTorch's `Adagrad`.
public struct Adagrad: ElementwiseOptimizer {
  /// α.
  public var learningRate: Float

  /// η, by which the learning rate falls with the steps.
  public let rateDecay: Float

  /// What s begins with.
  public let initialSum: Float

  /// ε, which bounds a step where gradients vanish.
  public let epsilon: Float

  /// λ, the weight of θ in the gradient.
  public let weightDecay: Float

  var memory = OptimizerMemory()

  /// The rule with its parameters' usual values.
  public init(
    learningRate: Float = 1e-2, rateDecay: Float = 0, initialSum: Float = 0, epsilon: Float = 1e-10,
    weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.rateDecay = rateDecay
    self.initialSum = initialSum
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  var memoryNames: [String] { ["sum"] }
  var initialMemory: Float { initialSum }
  var stepsRowsAlone: Bool { weightDecay == 0 }

  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void {
    let (epsilon, penalty) = (epsilon, weightDecay)
    let rate = learningRate / (1 + Float(step - 1) * rateDecay)
    return { elements, range in
      let (parameter, sum) = (elements.parameter, elements.memory[0])
      elements.inPieces(of: range) { piece, roots in
        let first = piece.lowerBound
        for index in piece {
          let g = elements.gradient(at: index, penalty: penalty)
          sum[index] += g * g
          roots[index &- first] = sum[index]
        }
        Elementary.squareRoot(roots)
        for index in piece {
          let g = elements.gradient(at: index, penalty: penalty)
          parameter[index] -= rate * g / (roots[index &- first] + epsilon)
        }
      }
    }
  }
}
