import Tensors

/// The loss of a regression that is squared for small differences and linear for large ones: the mean over all elements of
///
///     d²/2             for |d| ≤ δ, with d = f − y
///     δ (|d| − δ/2)    else
///
/// | value | shape |
/// |---|---|
/// | `predictions` f | any, not empty |
/// | `targets` y | the same |
/// | output | `[]` |
///
/// Source: Huber, "Robust estimation of a location parameter", 1964.
///
/// - Throws: ``ShapeError`` if the shapes differ or are empty, or `delta` is not a positive number.
public func huberLoss(_ predictions: Tensor, _ targets: Tensor, delta: Float = 1) throws -> Tensor {
  guard delta > 0 else { throw ShapeError("huberLoss", expected: "a delta above 0", got: delta) }
  let differences = try predictions.differences(from: targets, site: "huberLoss")
  let sum = differences.withUnsafeElements { differences in
    differences.sum { difference in
      let small = difference.magnitude.atMost(delta)
      return small * (difference.magnitude - 0.5 * small)
    }
  }
  return try Tensor(scalar: Float(sum / Double(differences.count))).recorded(from: predictions, targets) {
    HuberLoss(differences: differences, delta: delta)
  }
}

/// In the forward run each difference d = f − y adds d²/2 or δ (|d| − δ/2); therefore the error term of f is d, bounded by
/// ±δ, divided by the count, and that of y its opposite.
private struct HuberLoss: DifferentiableOperation {
  let differences: Tensor
  let delta: Float

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[] / Float(differences.count)
    let delta = delta
    for (input, scale) in [(0, scale), (1, -scale)] where inputs.wants(input) {
      var term = differences
      term.updateParts { $0.replaceEach { $0.atLeast(-delta).atMost(delta) * scale } }
      inputs.add(term, to: input)
    }
  }
}
