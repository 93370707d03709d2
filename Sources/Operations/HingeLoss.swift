import Tensors

/// The loss of a yes-or-no answer that is to be right by a margin: the mean of max(0, 1 − ys) over all elements.
///
/// | value | shape |
/// |---|---|
/// | `scores` s | any, not empty |
/// | `targets` y | the same; −1 or 1; constants |
/// | output | `[]` |
///
/// Source: Cortes and Vapnik, "Support-vector networks", 1995.
///
/// - Throws: ``ShapeError`` if the shapes differ or are empty, or a target is neither −1 nor 1.
public func hingeLoss(_ scores: Tensor, _ targets: Tensor) throws -> Tensor {
  guard scores.shape == targets.shape, scores.count > 0 else {
    throw ShapeError("hingeLoss", expected: "targets \(scores.shape), not empty", got: targets.shape)
  }
  if let wrong = targets.withUnsafeElements({ $0.first { $0.magnitude != 1 } }) {
    throw ShapeError("hingeLoss", expected: "targets -1 or 1", got: wrong)
  }
  var margins = scores.detached
  margins.updateParts(with: targets) { $0.replaceEach(by: $1) { s, y in (1 - y * s).atLeast(0) } }
  let sum = margins.withUnsafeElements { $0.sum { $0 } }
  return try Tensor(scalar: Float(sum / Double(margins.count))).recorded(from: scores) {
    HingeLoss(margins: margins, targets: targets.detached)
  }
}

/// In the forward run loss = mean(max(0, 1 − ys)); therefore the error term of s is −y / count where the margin is missed.
private struct HingeLoss: DifferentiableOperation {
  let margins: Tensor
  let targets: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[] / Float(margins.count)
    var term = margins
    term.updateParts(with: targets) {
      $0.replaceEach(by: $1) { margin, y in margin > 0 ? -y * scale : margin * scale }
    }
    inputs.add(term, to: 0)
  }
}
