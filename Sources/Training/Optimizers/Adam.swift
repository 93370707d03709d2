import Foundation
import LinearAlgebra

/// Adam: steps along the mean of the gradients, divided by their root mean square.
///
///     g ← ∂loss/∂θ + λ θ
///     m ← β₁ m + (1 − β₁) g
///     v ← β₂ v + (1 − β₂) g²
///     θ ← θ − α · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)        at step t = 1, 2, …
///
/// AMSGrad divides by the greatest v so far. The means of a parameter that has no gradient in a step stay as they are; of a
/// table of which only some rows have one, all rows move on with their means, unless `stepsRowsAlone`: then only those
/// rows and their means are read and written, at the cost that rows not met lately take no part of their past.
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1; Reddi et al., "On the
/// convergence of Adam and beyond", ICLR 2018. PyTorch's `Adam`; rows alone are its `SparseAdam`.
public struct Adam: ElementwiseOptimizer {
  /// α.
  public var learningRate: Float

  /// What the step is made of.
  private let moments: Moments

  /// λ, the weight of θ in the gradient: an L2 penalty of λ/2 · θ².
  public let weightDecay: Float

  /// Whether rows without a gradient are left alone.
  public let stepsRowsAlone: Bool

  var memory = OptimizerMemory()

  /// The rule with its parameters' usual values; from 0 to below 1 for the decays β₁ and β₂.
  public init(
    learningRate: Float = 1e-3, meanDecay: Float = 0.9, squareDecay: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, isAMSGrad: Bool = false, stepsRowsAlone: Bool = false
  ) {
    self.learningRate = learningRate
    moments = Moments(
      meanDecay: meanDecay, squareDecay: squareDecay, epsilon: epsilon, isAMSGrad: isAMSGrad)
    self.weightDecay = weightDecay
    self.stepsRowsAlone = stepsRowsAlone
  }

  /// β₁, the weight of the past in the mean.
  public var meanDecay: Float { moments.meanDecay }

  /// β₂, the weight of the past in the mean square.
  public var squareDecay: Float { moments.squareDecay }

  /// ε, which bounds a step where gradients vanish.
  public var epsilon: Float { moments.epsilon }

  /// Whether v is the greatest so far.
  public var isAMSGrad: Bool { moments.isAMSGrad }

  var memoryNames: [String] { moments.names }

  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void {
    moments.loop(step: step, rate: learningRate, penalty: weightDecay, shrinking: 0)
  }
}

/// Adam with weight decay apart from the gradient: θ ← θ − α λ θ before the step.
///
/// The decay then does not depend on how large a parameter's gradients are. Source: Loshchilov and Hutter, "Decoupled
/// weight decay regularization", ICLR 2019, algorithm 2. PyTorch's `AdamW`.
public struct AdamW: ElementwiseOptimizer {
  /// α.
  public var learningRate: Float

  /// What the step is made of.
  private let moments: Moments

  /// λ: in a step, θ loses this share times α.
  public let weightDecay: Float

  var memory = OptimizerMemory()

  /// The rule with its parameters' usual values; from 0 to below 1 for the decays β₁ and β₂.
  public init(
    learningRate: Float = 1e-3, meanDecay: Float = 0.9, squareDecay: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0.01, isAMSGrad: Bool = false
  ) {
    self.learningRate = learningRate
    moments = Moments(
      meanDecay: meanDecay, squareDecay: squareDecay, epsilon: epsilon, isAMSGrad: isAMSGrad)
    self.weightDecay = weightDecay
  }

  var memoryNames: [String] { moments.names }

  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void {
    moments.loop(step: step, rate: learningRate, penalty: 0, shrinking: learningRate * weightDecay)
  }
}

/// The running means that Adam and AdamW share.
private struct Moments: Sendable {
  let meanDecay, squareDecay, epsilon: Float
  let isAMSGrad: Bool

  var names: [String] { isAMSGrad ? ["mean", "square", "largest"] : ["mean", "square"] }

  /// - Parameters:
  ///   - penalty: the weight of θ in the gradient.
  ///   - shrinking: the share that θ loses before the step.
  func loop(
    step: Int, rate: Float, penalty: Float, shrinking: Float
  ) -> (ElementwiseStep, Range<Int>) -> Void {
    let (meanDecay, squareDecay, epsilon, keep) = (meanDecay, squareDecay, epsilon, 1 - shrinking)
    let t = Double(step)
    let rate = Float(Double(rate) / (1 - pow(Double(meanDecay), t)))
    let scale = Float(1 / (1 - pow(Double(squareDecay), t)).squareRoot())
    return { elements, range in
      let (parameter, mean, square) = (elements.parameter, elements.memory[0], elements.memory[1])
      elements.inPieces(of: range) { piece, roots in
        let first = piece.lowerBound
        for index in piece {
          let g = elements.gradient(at: index, penalty: penalty)
          let v = squareDecay * square[index] + (1 - squareDecay) * g * g
          mean[index] = (meanDecay * mean[index] + (1 - meanDecay) * g).withoutSubnormal
          square[index] = v.withoutSubnormal
          roots[index &- first] = v
        }
        if isAMSGrad {
          let largest = elements.memory[2]
          for index in piece {
            let most = max(largest[index], roots[index &- first])
            largest[index] = most.withoutSubnormal
            roots[index &- first] = most
          }
        }
        Elementary.squareRoot(roots)
        for index in piece {
          parameter[index] =
            keep * parameter[index] - rate * mean[index] / (roots[index &- first] * scale + epsilon)
        }
      }
    }
  }
}
