import Tensors

/// Rosenblatt's criterion, whose gradient is the perceptron's learning rule: Σ (ŷ − y) · s over all elements, where
/// s is a neuron's score ωx + w₀ and ŷ = heaviside(s) its answer.
///
/// | value | shape |
/// |---|---|
/// | `scores` | `[batch, neurons]`, before the Heaviside function |
/// | `targets` y | the same; 0 or 1 |
/// | output | `[]` |
///
/// It is zero when every answer is right. The Heaviside function's own gradient is zero almost everywhere and teaches
/// nothing; the gradient of this criterion, with ŷ held fixed, is (ŷ − y) x, so that a step of gradient descent with
/// rate λ is the classical rule ω ← ω + λ (y − ŷ) x. Source: Rosenblatt, "The perceptron", 1958; the criterion in Duda
/// and Hart, "Pattern classification and scene analysis", 1973, §5.5.
///
/// - Throws: ``ShapeError`` if the shapes differ or are empty.
public func perceptronCriterion(_ scores: Tensor, _ targets: Tensor) throws -> Tensor {
  guard scores.shape == targets.shape, scores.count > 0 else {
    throw ShapeError("perceptronCriterion", expected: "targets \(scores.shape)", got: targets.shape)
  }
  var mistakes = scores.detached
  var sum = 0.0
  mistakes.withUnsafeMutableElements { mistake in
    Activation.heaviside.apply(to: mistake)
    targets.withUnsafeElements { y in
      scores.withUnsafeElements { s in
        for index in mistake.indices {
          mistake[index] -= y[index]
          sum += Double(mistake[index] * s[index])
        }
      }
    }
  }
  return try Tensor(scalar: Float(sum)).recorded(from: scores) { PerceptronCriterion(mistakes: mistakes) }
}

/// In the forward run loss = Σ (ŷ − y) s with ŷ fixed; therefore the error term of s is ŷ − y.
private struct PerceptronCriterion: DifferentiableOperation {
  let mistakes: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[]
    var term = mistakes
    if scale != 1 {
      term.withUnsafeMutableElements { for index in $0.indices { $0[index] *= scale } }
    }
    inputs.add(term, to: 0)
  }
}
