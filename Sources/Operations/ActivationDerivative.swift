import LinearAlgebra
import Tensors

/// How fast φ(z) changes when z moves along a tangent: φ′(z) · tangent, element by element.
///
/// | value | shape |
/// |---|---|
/// | `input` z | any |
/// | `tangent`, output | the same |
///
/// It has gradients itself, so that a loss may depend on a derivative. At kinks φ″ is taken for zero.
///
/// - Throws: ``ShapeError`` if the shapes differ.
public func activationDerivative(_ activation: Activation, at input: Tensor, along tangent: Tensor) throws
  -> Tensor
{
  guard input.shape == tangent.shape else {
    throw ShapeError("activationDerivative", expected: "a tangent \(input.shape)", got: tangent.shape)
  }
  var kept = input.detached
  if !activation.derivativeNeedsInput { kept.withUnsafeMutableElements { activation.apply(to: $0) } }
  var output = tangent.detached
  activation.multiply(&output, byDerivativeAt: kept)
  return try output.recorded(from: input, tangent) { [kept] in
    ActivationDerivative(activation: activation, input: input.detached, tangent: tangent.detached, kept: kept)
  }
}

/// In the forward run v = φ′(z) t; therefore the error term of t is that of v times φ′(z), and that of z is the error term
/// of v times t φ″(z).
private struct ActivationDerivative: DifferentiableOperation {
  let activation: Activation
  let input: Tensor
  let tangent: Tensor
  let kept: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    if inputs.wants(0), activation.isCurved {
      var term = error.detached
      term.updateParts(with: tangent) { $0.replaceEach(by: $1) { $0 * $1 } }
      term.updateParts(with: input) { activation.multiply($0, bySecondDerivativeAt: $1) }
      inputs.add(term, to: 0)
    }
    guard inputs.wants(1) else { return }
    activation.multiply(&error, byDerivativeAt: kept)
    inputs.add(error, to: 1)
  }
}

extension Activation {
  /// Whether φ is other than one straight line.
  fileprivate var isCurved: Bool {
    switch self {
    case .identity, .linear: false
    default: true
    }
  }

  /// Replaces each error term e by e · φ″(x).
  fileprivate func multiply(
    _ errors: UnsafeMutableBufferPointer<Float>, bySecondDerivativeAt inputs: UnsafeBufferPointer<Float>
  ) {
    switch self {
    case .identity, .linear, .heaviside, .relu, .leakyRelu, .hardSigmoid: errors.update(repeating: 0)
    case .sigmoid:
      errors.replaceEach(by: inputs, Elementary.sigmoid, of: { $0 }) { error, _, s in
        error * s * (1 - s) * (1 - 2 * s)
      }
    case .tanh:
      errors.replaceEach(by: inputs, Elementary.tanh, of: { $0 }) { error, _, y in
        error * -2 * y * (1 - y * y)
      }
    case .elu(let alpha): multiply(errors, inputs, byExponentialBelowZeroTimes: alpha)
    case .selu:
      multiply(errors, inputs, byExponentialBelowZeroTimes: Self.seluScale * Self.seluAlpha)
    case .gelu:
      errors.replaceEach(by: inputs, Elementary.exp, of: { -0.5 * $0 * $0 }) { error, x, power in
        let bounded = x.atLeast(-20).atMost(20)
        return error * (0.398_942_28 * power) * (2 - bounded * bounded)
      }
    case .geluTanh:
      // x ℓ(w) with w = 2u: ℓ′ (2 w′ + x (1 − 2ℓ) w′² + x w″).
      errors.replaceEach(by: inputs, Elementary.sigmoid, of: { geluTanhExponent($0) }) { error, x, s in
        let bounded = x.atLeast(-11).atMost(11)
        let (slope, curvature) = (geluTanhExponentSlope(x), 0.428_128_897 * bounded)
        return error * s * (1 - s) * (2 * slope + bounded * ((1 - 2 * s) * slope * slope + curvature))
      }
    case .silu:
      errors.replaceEach(by: inputs, Elementary.sigmoid, of: { $0 }) { error, x, s in
        error * s * (1 - s) * (2 + x.atLeast(-200).atMost(200) * (1 - 2 * s))
      }
    case .softplus:
      errors.replaceEach(by: inputs, Elementary.sigmoid, of: { $0 }) { error, _, s in error * s * (1 - s) }
    case .hardSwish: errors.replaceEach(by: inputs) { error, x in x.magnitude < 3 ? error / 3 : 0 }
    case .mish:
      // x t with t = n / (n + 2), n = e (e + 2), e = eˣ: 2t′ + x t″.
      errors.replaceEach(by: inputs, Elementary.exp, of: { $0.atMost(20) }) { error, x, e in
        let divisor = e * (e + 2) + 2
        let scale = 4 * e / (divisor * divisor)
        let curvature = 1 + 2 * e - 4 * e * (1 + e) * (1 + e) / divisor
        return error * scale * (2 * (1 + e) + x.atLeast(-200).atMost(20) * curvature)
      }
    }
  }

  private func multiply(
    _ errors: UnsafeMutableBufferPointer<Float>, _ inputs: UnsafeBufferPointer<Float>,
    byExponentialBelowZeroTimes factor: Float
  ) {
    errors.replaceEach(by: inputs, Elementary.exp, of: { $0.atMost(0) }) { error, x, power in
      x > 0 ? 0 : error * factor * power
    }
  }
}
