import LinearAlgebra
import Tensors

/// How far a model's distribution q is from the target's p: the mean over the batch of KL(p ‖ q) = Σ p (ln p − ln q).
///
/// | value | shape |
/// |---|---|
/// | `logarithms` ln q | `[batch, …]`, as ``logSoftmax(_:)`` gives them |
/// | `targets` p | the same; probabilities; constants |
/// | output | `[]` |
///
/// The order of arguments is PyTorch's, the mean its `batchmean`. A target of 0 adds nothing.
/// Source: Kullback and Leibler, "On information and sufficiency", 1951.
///
/// - Throws: ``ShapeError`` if the shapes differ or are empty, or a target is negative.
public func kullbackLeiblerDivergence(_ logarithms: Tensor, _ targets: Tensor) throws -> Tensor {
  let site = "kullbackLeiblerDivergence"
  guard logarithms.shape == targets.shape, logarithms.shape.rank > 0, logarithms.count > 0 else {
    throw ShapeError(
      site, expected: "targets \(logarithms.shape), [batch, …], not empty", got: targets.shape)
  }
  if let wrong = targets.withUnsafeElements({ $0.first { !($0 >= 0) } }) {
    throw ShapeError(site, expected: "targets of at least 0", got: wrong)
  }
  var terms = targets.detached
  let sum = terms.withUnsafeMutableElements { terms in
    Elementary.log(terms)
    logarithms.withUnsafeElements { l in
      terms.inParts(with: l) { $0.replaceEach(by: $1) { ln, l in ln - l } }
    }
    targets.withUnsafeElements { p in
      terms.inParts(with: p) { $0.replaceEach(by: $1) { term, p in p == 0 ? 0 : p * term } }
    }
    return UnsafeBufferPointer(terms).sum { $0 }
  }
  return try Tensor(scalar: Float(sum / Double(logarithms.shape[0]))).recorded(from: logarithms) {
    KullbackLeiblerDivergence(targets: targets.detached)
  }
}

/// In the forward run loss = Σ p (ln p − ln q) / batch; therefore the error term of ln q is −p / batch.
private struct KullbackLeiblerDivergence: DifferentiableOperation {
  let targets: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = -error[] / Float(targets.shape[0])
    var term = targets
    term.scale(by: scale)
    inputs.add(term, to: 0)
  }
}
