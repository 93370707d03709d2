import Tensors

/// What the two networks of a GAN make small, from a critic's scores of real and of generated examples.
///
/// With scores r of real and g of generated examples, ℓ the logistic curve and the mean over all scores:
///
/// | loss | critic | generator |
/// |---|---|---|
/// | `minimax` | −mean ln ℓ(r) − mean ln(1 − ℓ(g)) | mean ln(1 − ℓ(g)) |
/// | `nonSaturating` | the same | −mean ln ℓ(g) |
/// | `leastSquares` | mean (r − 1)²/2 + mean g²/2 | mean (g − 1)²/2 |
/// | `wasserstein` | mean g − mean r | −mean g |
///
/// Scores are the critic's last outputs, without a sigmoid. The Wasserstein loss wants a critic whose slope is bounded, by
/// spectral normalization or by a gradient penalty.
///
/// Sources: Goodfellow et al., "Generative adversarial nets", 2014 (the first two); Mao et al., "Least squares generative
/// adversarial networks", 2017, with a = 0, b = c = 1; Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017.
public enum AdversarialLoss: String, Sendable, Hashable, Codable, CaseIterable {
  /// The zero-sum game; its generator learns little while the critic is sure.
  case minimax
  /// The generator makes the critic's yes likely, instead of its no unlikely.
  case nonSaturating
  /// Squared distances from 0 for generated and 1 for real.
  case leastSquares
  /// The distance between the mean scores.
  case wasserstein

  /// The critic's loss, one number.
  ///
  /// - Throws: ``ShapeError`` if there are no scores.
  public func critic(real: Tensor, generated: Tensor) throws -> Tensor {
    switch self {
    case .minimax, .nonSaturating:
      try mean(activate(-real, .softplus)) + mean(activate(generated, .softplus))
    case .leastSquares: try 0.5 * (mean(square(real - 1)) + mean(square(generated)))
    case .wasserstein: try mean(generated) - mean(real)
    }
  }

  /// The generator's loss, one number.
  ///
  /// - Throws: ``ShapeError`` if there are no scores.
  public func generator(generated: Tensor) throws -> Tensor {
    switch self {
    case .minimax: try -mean(activate(generated, .softplus))
    case .nonSaturating: try mean(activate(-generated, .softplus))
    case .leastSquares: try 0.5 * mean(square(generated - 1))
    case .wasserstein: try -mean(generated)
    }
  }
}
