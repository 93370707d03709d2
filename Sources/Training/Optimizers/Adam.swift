import Foundation
import Layers
import LinearAlgebra
import Tensors

/// Adam: steps along the mean of the gradients, divided by their root mean square.
///
///     m ← β₁ m + (1 − β₁) g
///     v ← β₂ v + (1 − β₂) g²
///     θ ← θ − α · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)        at step t = 1, 2, …
///
/// The means of a parameter that has no gradient in a step stay as they are. Source: Kingma and Ba, "Adam: a method for
/// stochastic optimization", ICLR 2015, algorithm 1.
public struct Adam: Optimizer {
  /// α.
  public var learningRate: Float

  /// β₁, the weight of the past in the mean.
  public let meanDecay: Float

  /// β₂, the weight of the past in the mean square.
  public let squareDecay: Float

  /// ε, which bounds a step where gradients vanish.
  public let epsilon: Float

  /// m, v and t of a parameter.
  private struct Moments: Sendable {
    var mean, square: Tensor
    var step = 0
  }

  private var moments: [String: Moments] = [:]

  /// The rule with its parameters' usual values; from 0 to below 1 for the decays.
  public init(
    learningRate: Float = 1e-3, meanDecay: Float = 0.9, squareDecay: Float = 0.999, epsilon: Float = 1e-8
  ) {
    self.learningRate = learningRate
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    self.epsilon = epsilon
  }

  public mutating func update(_ model: inout some Module, with gradients: Gradients) throws {
    var moments = self.moments
    // While they are changed, nothing else refers to them, so that they are changed in place.
    self.moments = [:]
    defer { self.moments = moments }
    try model.update(
      with: gradients,
      byPath: { parameter, gradient, path in
        var own =
          moments.removeValue(forKey: path)
          ?? Moments(mean: .zeros(parameter.shape), square: .zeros(parameter.shape))
        own.step += 1
        step(&parameter, gradient.dense, &own)
        moments[path] = own
      })
  }

  private func step(_ parameter: inout Tensor, _ gradient: Tensor, _ moments: inout Moments) {
    let t = Double(moments.step)
    let rate = Float(Double(learningRate) / (1 - pow(Double(meanDecay), t)))
    let scale = Float(1 / (1 - pow(Double(squareDecay), t)).squareRoot())
    parameter.withUnsafeMutableElements { parameter in
      moments.mean.withUnsafeMutableElements { mean in
        moments.square.withUnsafeMutableElements { square in
          gradient.withUnsafeElements { gradient in
            Threads.parallel(overElements: parameter.count) { range in
              for index in range {
                let g = gradient[index]
                let m = meanDecay * mean[index] + (1 - meanDecay) * g
                let v = squareDecay * square[index] + (1 - squareDecay) * g * g
                (mean[index], square[index]) = (m, v)
                parameter[index] -= rate * m / (v.squareRoot() * scale + epsilon)
              }
            }
          }
        }
      }
    }
  }
}
