import LinearAlgebra
import Tensors

/// The loss of independent yes-or-no answers: the mean over the batch of
/// −Σ_c [ y_c ln f_c + (1 − y_c) ln(1 − f_c) ] with f = sigmoid(scores).
///
/// | value | shape |
/// |---|---|
/// | `scores` | `[batch, classes]`, the last layer's output without a sigmoid |
/// | `targets` | the same; each y_c from 0 to 1 |
/// | output | `[]` |
///
/// Computed from the scores: with w the distance of y_c from the answer that the sign of s_c gives, a class adds
/// w |s_c| + ln(1 + e^{−|s_c|}), so that no probability is rounded to 0 or 1 and nothing cancels on the way.
/// Source: the lecture, section "Cross-entropy", whose formula lacks the brackets: the minus sign covers both terms.
///
/// - Throws: ``ShapeError`` if the shapes do not fit, the batch is empty or a target is not from 0 to 1.
public func sigmoidCrossEntropy(_ scores: Tensor, _ targets: Tensor) throws -> Tensor {
  guard scores.shape.rank == 2, scores.count > 0, scores.shape == targets.shape else {
    throw ShapeError(
      "sigmoidCrossEntropy", expected: "scores and targets [batch, classes]",
      got: "\(scores.shape) and \(targets.shape)")
  }
  var terms = scores.detached
  let loss = try terms.withUnsafeMutableElements { term in
    for index in term.indices { term[index] = -abs(term[index]) }
    Elementary.softplus(term)
    return try scores.withUnsafeElements { s in
      try targets.withUnsafeElements { y in
        var sum = 0.0
        for index in s.indices {
          guard y[index] >= 0, y[index] <= 1 else {
            throw ShapeError("sigmoidCrossEntropy", expected: "targets from 0 to 1", got: "\(y[index])")
          }
          let wrong = s[index] >= 0 ? 1 - y[index] : y[index]
          sum += Double(wrong == 0 ? 0 : wrong * abs(s[index])) + Double(term[index])
        }
        return sum / Double(scores.shape[0])
      }
    }
  }
  return try Tensor(scalar: Float(loss)).recorded(from: scores) {
    SigmoidCrossEntropy(scores: scores.detached, targets: targets.detached)
  }
}

/// In the forward run each score adds softplus(s) − y s, whose derivative is sigmoid(s) − y; therefore the error term of
/// the scores is (f − y) / batch.
private struct SigmoidCrossEntropy: DifferentiableOperation {
  let scores: Tensor
  let targets: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[] / Float(scores.shape[0])
    var term = scores
    term.withUnsafeMutableElements { term in
      Elementary.sigmoid(term)
      targets.withUnsafeElements { y in
        for index in term.indices { term[index] = (term[index] - y[index]) * scale }
      }
    }
    inputs.add(term, to: 0)
  }
}
