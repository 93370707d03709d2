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
/// | `relativistic` | −mean ln ℓ(r − g) | −mean ln ℓ(g − r) |
///
/// Scores are the critic's last outputs, without a sigmoid. The Wasserstein loss wants a critic whose slope is bounded, by
/// spectral normalization or by a gradient penalty. The relativistic loss pairs each real example with a generated one: a
/// generator that makes but some of what is real loses to the rest.
///
/// Sources: Goodfellow et al., "Generative adversarial nets", 2014 (the first two); Mao et al., "Least squares generative
/// adversarial networks", 2017, with a = 0, b = c = 1; Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017;
/// Jolicoeur-Martineau, "The relativistic discriminator", 2019, and Huang et al., "The GAN is dead; long live the GAN!",
/// 2024.
public enum AdversarialLoss: String, Sendable, Hashable, Codable, CaseIterable {
  /// The zero-sum game; its generator learns little while the critic is sure.
  case minimax
  /// The generator makes the critic's yes likely, instead of its no unlikely.
  case nonSaturating
  /// Squared distances from 0 for generated and 1 for real.
  case leastSquares
  /// The distance between the mean scores.
  case wasserstein
  /// How sure the critic is which of a pair is the real one.
  case relativistic

  /// The critic's loss, one number.
  ///
  /// - Throws: ``ShapeError`` if there are no scores, or the relativistic loss gets other numbers of real and generated ones.
  public func critic(real: Tensor, generated: Tensor) throws -> Tensor {
    switch self {
    case .minimax, .nonSaturating:
      try mean(activate(-real, .softplus)) + mean(activate(generated, .softplus))
    case .leastSquares: try 0.5 * (mean(square(real - 1)) + mean(square(generated)))
    case .wasserstein: try mean(generated) - mean(real)
    case .relativistic: try mean(activate(generated - paired(real, with: generated), .softplus))
    }
  }

  /// The generator's loss, one number.
  ///
  /// - Parameters:
  ///   - real: the scores of real examples, constants; of use to the relativistic loss alone, which must have them.
  ///   - generated: the scores of generated examples.
  /// - Throws: as ``critic(real:generated:)``.
  public func generator(real: Tensor? = nil, generated: Tensor) throws -> Tensor {
    switch self {
    case .minimax: try -mean(activate(generated, .softplus))
    case .nonSaturating: try mean(activate(-generated, .softplus))
    case .leastSquares: try 0.5 * mean(square(generated - 1))
    case .wasserstein: try -mean(generated)
    case .relativistic: try mean(activate(paired(real?.detached, with: generated) - generated, .softplus))
    }
  }

  /// The scores of real examples, where each has its pair.
  private func paired(_ real: Tensor?, with generated: Tensor) throws -> Tensor {
    guard let real, real.shape == generated.shape else {
      throw ShapeError(
        "AdversarialLoss.relativistic",
        expected: "scores of as many real examples as of generated ones, \(generated.shape)",
        got: real.map { "\($0.shape)" } ?? "none")
    }
    return real
  }
}
