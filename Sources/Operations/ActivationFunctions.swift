import LinearAlgebra
import Tensors

extension Activation {
  /// The SELU's λ.
  static let seluScale: Float = 1.050_700_99

  /// The SELU's α.
  static let seluAlpha: Float = 1.673_263_24

  /// Replaces each x by φ(x).
  func apply(to values: UnsafeMutableBufferPointer<Float>) {
    if self != .identity { values.inParts { applyHere(to: $0) } }
  }

  /// Replaces each error term e at the output by e · φ′, the error term at the input.
  ///
  /// - Parameter kept: what ``applied(to:watching:)`` says is to be kept: the outputs for most, the inputs for some.
  func multiply(
    _ errors: UnsafeMutableBufferPointer<Float>, byDerivativeAt kept: UnsafeBufferPointer<Float>
  ) {
    if self != .identity { errors.inParts(with: kept) { multiplyHere($0, byDerivativeAt: $1) } }
  }

  /// Replaces each error term likewise, in place where nobody else holds them.
  func multiply(_ errors: inout Tensor, byDerivativeAt kept: Tensor) {
    if self != .identity { errors.updateParts(with: kept) { multiplyHere($0, byDerivativeAt: $1) } }
  }

  /// ``apply(to:)`` on the calling thread.
  func applyHere(to values: UnsafeMutableBufferPointer<Float>) {
    let inputs = UnsafeBufferPointer(values)
    switch self {
    case .identity: break
    case .linear(let slope, let intercept): values.replaceEach { slope * $0 + intercept }
    case .sigmoid: Elementary.sigmoid(values)
    case .tanh: Elementary.tanh(values)
    case .heaviside: values.replaceEach { $0 > 0 ? 1 : $0 < 0 ? 0 : $0 == 0 ? 0.5 : $0 }
    case .relu: values.replaceEach { $0.atLeast(0) }
    case .leakyRelu(let slope): values.replaceEach { $0 > 0 ? $0 : slope * $0 }
    case .elu(let alpha):
      values.replaceEach(by: inputs, Elementary.tanh, of: { halfBelowZero($0) }) { x, _, t in
        x > 0 ? x : alpha * (2 * t / (1 - t))
      }
    case .selu:
      let (scale, bottom) = (Self.seluScale, Self.seluScale * Self.seluAlpha)
      values.replaceEach(by: inputs, Elementary.tanh, of: { halfBelowZero($0) }) { x, _, t in
        x > 0 ? scale * x : bottom * (2 * t / (1 - t))
      }
    case .gelu: Elementary.gelu(values)
    case .geluTanh: Elementary.geluTanh(values)
    case .silu:
      values.replaceEach(by: inputs, Elementary.sigmoid, of: { $0 }) { x, _, s in x.atLeast(-200) * s }
    case .softplus: Elementary.softplus(values)
    case .hardSigmoid: values.replaceEach { (($0 + 3) / 6).atLeast(0).atMost(1) }
    case .hardSwish: values.replaceEach { $0.atLeast(-3) * (($0 + 3) / 6).atLeast(0).atMost(1) }
    case .mish:
      values.replaceEach(by: inputs, Elementary.exp, of: { $0.atMost(20) }) { x, _, e in
        x.atLeast(-200) * (e * (e + 2) / (e * (e + 2) + 2))
      }
    }
  }

  private func multiplyHere(
    _ errors: UnsafeMutableBufferPointer<Float>, byDerivativeAt kept: UnsafeBufferPointer<Float>
  ) {
    switch self {
    case .identity: break
    case .linear(let slope, _): errors.replaceEach { slope * $0 }
    case .sigmoid: errors.replaceEach(by: kept) { error, y in error * y * (1 - y) }
    case .tanh: errors.replaceEach(by: kept) { error, y in error * (1 - y * y) }
    case .heaviside: errors.replaceEach { _ in 0 }
    case .relu: errors.replaceEach(by: kept) { error, y in y > 0 ? error : 0 }
    case .leakyRelu(let slope): errors.replaceEach(by: kept) { error, y in y > 0 ? error : slope * error }
    case .elu(let alpha) where alpha >= 0:
      errors.replaceEach(by: kept) { error, y in y > 0 ? error : error * (y + alpha) }
    case .elu(let alpha):
      errors.replaceEach(by: kept, Elementary.exp, of: { $0.atMost(0) }) { error, x, power in
        x > 0 ? error : error * alpha * power
      }
    case .selu:
      let (scale, bottom) = (Self.seluScale, Self.seluScale * Self.seluAlpha)
      errors.replaceEach(by: kept) { error, y in error * (y > 0 ? scale : y + bottom) }
    case .gelu:
      errors.replaceEach(
        by: kept, Elementary.erf, of: { 0.707_106_781 * $0 }, Elementary.exp, of: { -0.5 * $0 * $0 }
      ) { error, x, erf, power in
        error * (0.5 + 0.5 * erf + x.atLeast(-20).atMost(20) * (0.398_942_28 * power))
      }
    case .geluTanh:
      errors.replaceEach(by: kept, Elementary.sigmoid, of: { geluTanhExponent($0) }) { error, x, s in
        error * (s + x.atLeast(-11).atMost(11) * s * (1 - s) * geluTanhExponentSlope(x))
      }
    case .silu:
      errors.replaceEach(by: kept, Elementary.sigmoid, of: { $0 }) { error, x, s in
        error * s * (1 + x.atLeast(-200).atMost(200) * (1 - s))
      }
    case .softplus: errors.replaceEach(by: kept, Elementary.sigmoid, of: { $0 }) { error, _, s in error * s }
    case .hardSigmoid: errors.replaceEach(by: kept) { error, y in y > 0 && y < 1 ? error / 6 : 0 }
    case .hardSwish:
      errors.replaceEach(by: kept) { error, x in x <= -3 ? 0 : x < 3 ? error * (x / 3 + 0.5) : error }
    case .mish:
      errors.replaceEach(by: kept, Elementary.exp, of: { $0.atMost(20) }) { error, x, e in
        let divisor = e * (e + 2) + 2
        let t = e * (e + 2) / divisor
        return error * (t + x.atLeast(-200).atMost(20) * (4 * e * (1 + e) / (divisor * divisor)))
      }
    }
  }
}

/// x/2 below zero, else 0. With t = tanh(x/2), eˣ − 1 = 2t / (1 − t), which keeps its digits near 0.
@inline(__always)
private func halfBelowZero(_ x: Float) -> Float { x > 0 ? 0 : 0.5 * x }

/// 2u = 2 √(2/π) (x + 0.044715 x³), bounded where the logistic curve is flat.
@inline(__always)
func geluTanhExponent(_ x: Float) -> Float {
  let bounded = x.atLeast(-11).atMost(11)
  return bounded * (1.595_769_12 + 0.071_354_816 * bounded * bounded)
}

/// The derivative of ``geluTanhExponent(_:)``.
@inline(__always)
func geluTanhExponentSlope(_ x: Float) -> Float {
  let bounded = x.atLeast(-11).atMost(11)
  return 1.595_769_12 + 0.214_064_449 * bounded * bounded
}
