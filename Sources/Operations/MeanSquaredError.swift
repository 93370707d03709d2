import LinearAlgebra
import Tensors

/// The loss of a regression: the mean of (y − f)² over all elements.
///
/// | value | shape |
/// |---|---|
/// | `predictions` f | any, not empty |
/// | `targets` y | the same |
/// | output | `[]` |
///
/// With one output this is the lecture's 1/|D| Σ (yₙ − f(xₙ))²; with several, its mean over them too. The mean is kept
/// where the lecture drops 1/|D|, since it sets the size of a step. Source: the lecture, section "MSE".
///
/// - Throws: ``ShapeError`` if the shapes differ or are empty.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) throws -> Tensor {
  guard predictions.shape == targets.shape, predictions.count > 0 else {
    throw ShapeError(
      "meanSquaredError", expected: "targets \(predictions.shape), not empty", got: targets.shape)
  }
  var differences = predictions.detached
  var sum = 0.0
  differences.withUnsafeMutableElements { difference in
    targets.withUnsafeElements { y in
      for index in difference.indices { difference[index] -= y[index] }
      for value in difference { sum += Double(value) * Double(value) }
    }
  }
  return try Tensor(scalar: Float(sum / Double(predictions.count))).recorded(from: predictions, targets) {
    MeanSquaredError(differences: differences)
  }
}

/// In the forward run loss = mean((f − y)²); therefore the error term of f is 2 (f − y) / count, the lecture's −2e with
/// e = y − f, and that of y its opposite.
private struct MeanSquaredError: DifferentiableOperation {
  let differences: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = 2 * error[] / Float(differences.count)
    for (input, scale) in [(0, scale), (1, -scale)] where inputs.wants(input) {
      var term = differences
      term.scale(by: scale)
      inputs.add(term, to: input)
    }
  }
}
