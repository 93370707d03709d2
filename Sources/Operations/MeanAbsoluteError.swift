import Tensors

/// The loss of a regression that outliers pull less at: the mean of |f − y| over all elements.
///
/// | value | shape |
/// |---|---|
/// | `predictions` f | any, not empty |
/// | `targets` y | the same |
/// | output | `[]` |
///
/// - Throws: ``ShapeError`` if the shapes differ or are empty.
public func meanAbsoluteError(_ predictions: Tensor, _ targets: Tensor) throws -> Tensor {
  let differences = try predictions.differences(from: targets, site: "meanAbsoluteError")
  let sum = differences.withUnsafeElements { $0.sum { $0.magnitude } }
  return try Tensor(scalar: Float(sum / Double(differences.count))).recorded(from: predictions, targets) {
    MeanAbsoluteError(differences: differences)
  }
}

/// In the forward run loss = mean |f − y|; therefore the error term of f is the sign of f − y, or 0 where they are equal,
/// divided by the count, and that of y its opposite.
private struct MeanAbsoluteError: DifferentiableOperation {
  let differences: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[] / Float(differences.count)
    for (input, scale) in [(0, scale), (1, -scale)] where inputs.wants(input) {
      var term = differences
      term.updateParts { $0.replaceEach { $0 > 0 ? scale : $0 < 0 ? -scale : $0 * scale } }
      inputs.add(term, to: input)
    }
  }
}

extension Tensor {
  /// f − y for predictions and targets of one shape, not empty; a constant to any tape.
  func differences(from targets: Tensor, site: String) throws -> Tensor {
    guard shape == targets.shape, count > 0 else {
      throw ShapeError(site, expected: "targets \(shape), not empty", got: targets.shape)
    }
    var differences = detached
    differences.updateParts(with: targets) { $0.replaceEach(by: $1) { $0 - $1 } }
    return differences
  }
}
