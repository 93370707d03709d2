import LinearAlgebra
import Tensors

/// ``sigmoidCrossEntropy(_:_:)`` with a weight w_c of each class's yes: the mean over the batch of
/// −Σ_c [ w_c y_c ln f_c + (1 − y_c) ln(1 − f_c) ] with f = sigmoid(scores).
///
/// | value | shape |
/// |---|---|
/// | `scores` | `[batch, classes]`, the last layer's output without a sigmoid |
/// | `targets` | the same; each y_c from 0 to 1; constants |
/// | `positiveWeights` | `[classes]`; constants |
/// | output | `[]` |
///
/// A weight above 1 makes a class that is rarely there be found more often.
///
/// - Throws: ``ShapeError`` if the shapes do not fit, the batch is empty or a target is not from 0 to 1.
public func sigmoidCrossEntropy(_ scores: Tensor, _ targets: Tensor, positiveWeights: Tensor) throws -> Tensor
{
  let site = "sigmoidCrossEntropy"
  guard scores.shape.rank == 2, scores.count > 0, scores.shape == targets.shape else {
    throw ShapeError(
      site, expected: "scores and targets [batch, classes]", got: "\(scores.shape) and \(targets.shape)")
  }
  let (batch, classes) = (scores.shape[0], scores.shape[1])
  guard positiveWeights.shape == [classes] else {
    throw ShapeError(site, expected: "positive weights [\(classes)]", got: positiveWeights.shape)
  }
  if let wrong = targets.withUnsafeElements({ $0.first { !($0 >= 0 && $0 <= 1) } }) {
    throw ShapeError(site, expected: "targets from 0 to 1", got: wrong)
  }
  let (w, s, y) = (positiveWeights.array, scores.array, targets.array)
  var (tails, slopes) = (scores.detached, scores.detached)
  var sum = 0.0
  tails.withUnsafeMutableElements { tail in
    tail.inParts { $0.replaceEach { -$0.magnitude } }
    Elementary.softplus(tail)
    slopes.withUnsafeMutableElements { slope in
      Elementary.sigmoid(slope)
      for index in s.indices {
        let (yes, no) = (w[index % classes] * y[index], 1 - y[index])
        let wrong = s[index] >= 0 ? no : yes
        sum += Double(wrong == 0 ? 0 : wrong * s[index].magnitude) + Double((yes + no) * tail[index])
        slope[index] = (no * slope[index] - yes * (1 - slope[index])) / Float(batch)
      }
    }
  }
  return try Tensor(scalar: Float(sum / Double(batch))).recorded(from: scores) {
    WeightedSigmoidCrossEntropy(slopes: slopes)
  }
}

/// In the forward run each score adds w y softplus(−s) + (1 − y) softplus(s); therefore its error term is
/// (1 − y) f − w y (1 − f), over the batch: computed with the loss.
private struct WeightedSigmoidCrossEntropy: DifferentiableOperation {
  let slopes: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[]
    var term = slopes
    term.scale(by: scale)
    inputs.add(term, to: 0)
  }
}
