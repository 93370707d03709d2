import Tensors

/// The activation function φ of a neuron, y = φ(Σ wₖxₖ + w₀), and its derivative.
///
/// Most have a derivative that follows from their own output y, so that the backward run needs nothing but what the
/// forward run returned; the others need the input x.
///
/// | activation | φ(x) | φ′ |
/// |---|---|---|
/// | `identity` | x | 1 |
/// | `linear(slope: a, intercept: b)` | ax + b | a |
/// | `sigmoid` | ℓ(x) = 1 / (1 + e⁻ˣ) | y (1 − y) |
/// | `tanh` | (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) | 1 − y² |
/// | `heaviside` | 0 for x < 0, 0.5 for x = 0, 1 for x > 0 | 0 |
/// | `relu` | x for x > 0, else 0 | 1 for y > 0, else 0 |
/// | `leakyRelu(slope: a)` | x for x > 0, else ax | 1 for x > 0, else a |
/// | `elu(alpha: α)` | x for x > 0, else α (eˣ − 1) | 1 for x > 0, else y + α |
/// | `selu` | λ · elu(x) with the paper's λ and α | λ for y > 0, else y + λα |
/// | `gelu` | x Φ(x) | Φ(x) + x Φ′(x) |
/// | `geluTanh` | x ℓ(2u), u = √(2/π) (x + 0.044715 x³) | ℓ(2u) + 2 x u′ ℓ(2u) (1 − ℓ(2u)) |
/// | `silu` | x ℓ(x) | ℓ(x) (1 + x (1 − ℓ(x))) |
/// | `softplus` | ln(1 + eˣ) | ℓ(x) |
/// | `hardSigmoid` | (x + 3) / 6 within [0, 1] | 1/6 for 0 < y < 1, else 0 |
/// | `hardSwish` | x · hardSigmoid(x) | x/3 + 1/2 for −3 < x < 3, 0 below, 1 above |
/// | `mish` | x tanh(ln(1 + eˣ)) | φ(x)/x + x (1 − tanh²) ℓ(x) |
///
/// Φ is the distribution function of the normal distribution. At a kink the derivative is one of the two, the same as
/// PyTorch's.
///
/// Sources: the lecture, section "Neurons", for the first six. Maas, Hannun and Ng, "Rectifier nonlinearities improve
/// neural network acoustic models", 2013 (leaky ReLU); Clevert et al., "Fast and accurate deep network learning by
/// exponential linear units", 2015; Klambauer et al., "Self-normalizing neural networks", 2017; Hendrycks and Gimpel,
/// "Gaussian error linear units", 2016 (GELU, SiLU); Howard et al., "Searching for MobileNetV3", 2019 (the hard ones);
/// Misra, "Mish", 2019.
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
  /// The rectified linear unit with a small slope below zero.
  case leakyRelu(slope: Float = 0.01)
  /// The exponential linear unit, which tends to −alpha below zero.
  case elu(alpha: Float = 1)
  /// The scaled exponential linear unit, which keeps mean 0 and variance 1 from layer to layer.
  case selu
  /// The Gaussian error linear unit, exact.
  case gelu
  /// The Gaussian error linear unit in its authors' approximation by a hyperbolic tangent.
  case geluTanh
  /// The sigmoid linear unit, also called swish.
  case silu
  /// ln(1 + eˣ), a smooth rectified linear unit.
  case softplus
  /// The logistic curve in three straight lines.
  case hardSigmoid
  /// The sigmoid linear unit with the hard sigmoid.
  case hardSwish
  /// x tanh(softplus(x)).
  case mish
}

extension Activation {
  /// Whether the derivative needs the input and not only the output.
  var derivativeNeedsInput: Bool {
    switch self {
    case .identity, .linear, .sigmoid, .tanh, .heaviside, .relu, .selu, .hardSigmoid: false
    // With a negative parameter, the sign of the output does not tell that of the input.
    case .leakyRelu(let parameter), .elu(let parameter): !(parameter >= 0)
    case .gelu, .geluTanh, .silu, .softplus, .hardSwish, .mish: true
    }
  }

  /// φ of each element, for an operation that ends in an activation, and what that keeps for its way back.
  ///
  ///     let (output, kept) = activation.applied(to: z, watching: input, weight)
  ///     …
  ///     activation.multiply(&error, byDerivativeAt: kept)
  ///
  /// - Parameters:
  ///   - z: the weighted sums; computed in place where nobody else holds them.
  ///   - inputs: of the operation. If a tape watches none of them, there will be no way back.
  /// - Returns: y = φ(z); and y, which costs nothing to keep, or z where the derivative needs it.
  func applied(to z: consuming Tensor, watching inputs: Tensor?...) -> (output: Tensor, kept: Tensor) {
    if self == .identity { return (z, z) }
    let keepsInput = derivativeNeedsInput && inputs.contains { $0?.record != nil }
    let kept = keepsInput ? z.detached : nil
    z.updateParts { applyHere(to: $0) }
    return (z, kept ?? z.detached)
  }

  /// This activation in two, one of which is the identity: what is applied while the sums are in the cache; and what is
  /// left for when they are all there, because its derivative needs them.
  var parts: (early: Activation, late: Activation) {
    derivativeNeedsInput ? (.identity, self) : (self, .identity)
  }
}
