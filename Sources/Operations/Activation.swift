import LinearAlgebra
import Tensors

/// The activation function φ of a neuron, y = φ(Σ wₖxₖ + w₀), and its derivative.
///
/// Each of the lecture's activations has a derivative that follows from its own output y, so that the backward run
/// needs nothing but what the forward run returned:
///
/// | activation | φ(x) | φ′(x) by y = φ(x) |
/// |---|---|---|
/// | `identity` | x | 1 |
/// | `linear(slope: a, intercept: b)` | ax + b | a |
/// | `sigmoid` | 1 / (1 + e⁻ˣ) | y (1 − y) |
/// | `tanh` | (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) | 1 − y² |
/// | `heaviside` | 0 for x < 0, 0.5 for x = 0, 1 for x > 0 | 0 |
/// | `relu` | x for x > 0, else 0 | 1 for y > 0, else 0 |
///
/// Source: the lecture, section "Neurons".
public enum Activation: Sendable, Hashable, Codable {
  /// φ(x) = x, the absence of an activation.
  case identity
  /// φ(x) = slope · x + intercept; with it a network is linear regression.
  case linear(slope: Float, intercept: Float)
  /// The logistic curve ℓ(x) = 1 / (1 + e⁻ˣ).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// The step. Its gradient is zero wherever it exists, so that only the perceptron's own rule trains it.
  case heaviside
  /// The rectified linear unit max(x, 0).
  case relu

  /// Replaces each x by φ(x).
  func apply(to values: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .identity: break
    case .linear(let slope, let intercept): values.replaceEach { slope * $0 + intercept }
    case .sigmoid: Elementary.sigmoid(values)
    case .tanh: Elementary.tanh(values)
    case .heaviside: values.replaceEach { $0 > 0 ? 1 : $0 < 0 ? 0 : $0 == 0 ? 0.5 : $0 }
    case .relu: values.replaceEach { $0 > 0 ? $0 : $0 == $0 ? 0 : $0 }
    }
  }

  /// Replaces each error term e at the output y by e · φ′, the error term at the input.
  func multiply(
    _ errors: UnsafeMutableBufferPointer<Float>, byDerivativeAt outputs: UnsafeBufferPointer<Float>
  ) {
    switch self {
    case .identity: break
    case .linear(let slope, _): errors.replaceEach { slope * $0 }
    case .sigmoid: errors.replaceEach(with: outputs) { error, y in error * y * (1 - y) }
    case .tanh: errors.replaceEach(with: outputs) { error, y in error * (1 - y * y) }
    case .heaviside: errors.replaceEach { _ in 0 }
    case .relu: errors.replaceEach(with: outputs) { error, y in y > 0 ? error : 0 }
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  @inline(__always)
  fileprivate func replaceEach(_ function: (Float) -> Float) {
    for index in indices { self[index] = function(self[index]) }
  }

  @inline(__always)
  fileprivate func replaceEach(with other: UnsafeBufferPointer<Float>, _ function: (Float, Float) -> Float) {
    for index in indices { self[index] = function(self[index], other[index]) }
  }
}
