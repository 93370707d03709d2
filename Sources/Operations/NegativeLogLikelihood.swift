import Tensors

/// The loss of a classifier whose answers are logarithms of probabilities: the weighted mean of −l_label over the batch.
///
///     loss = −Σ_n w_{label n} l_{n, label n} / Σ_n w_{label n}
///
/// | value | shape |
/// |---|---|
/// | `logarithms` l | `[batch, classes]`, as ``logSoftmax(_:)`` gives them |
/// | `labels` | `batch` numbers from 0..<classes |
/// | `classWeights` w | `[classes]`, 1 if `nil`; constants |
/// | output | `[]` |
///
/// On scores, ``softmaxCrossEntropy(_:_:)`` gives the same in one operation.
///
/// - Parameter ignored: a label whose examples do not count.
/// - Throws: ``ShapeError`` if the shapes do not fit, a label is out of range, or no example counts.
public func negativeLogLikelihood(
  _ logarithms: Tensor, _ labels: [Int], classWeights: Tensor? = nil, ignoring ignored: Int? = nil
) throws -> Tensor {
  let site = "negativeLogLikelihood"
  let weights = try exampleWeights(site, logarithms.shape, labels, classWeights, ignored)
  let classes = logarithms.shape[1]
  let total = weights.reduce(0.0) { $0 + Double($1) }
  let loss = logarithms.withUnsafeElements { l in
    labels.indices.reduce(0.0) { sum, example in
      guard weights[example] != 0 else { return sum }
      return sum - Double(weights[example]) * Double(l[example * classes + labels[example]])
    }
  }
  return try Tensor(scalar: Float(loss / total)).recorded(from: logarithms) {
    NegativeLogLikelihood(
      shape: logarithms.shape, labels: labels, weights: weights.map { $0 / Float(total) })
  }
}

/// In the forward run each example adds −w l_label / Σ w; therefore the error term of l_label is −w / Σ w, and that of the
/// other classes zero.
private struct NegativeLogLikelihood: DifferentiableOperation {
  let shape: Shape
  let labels: [Int]
  let weights: [Float]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[]
    var term = Tensor.zeros(shape)
    term.withUnsafeMutableElements { term in
      for (example, label) in labels.enumerated() where weights[example] != 0 {
        term[example * shape[1] + label] = -scale * weights[example]
      }
    }
    inputs.add(term, to: 0)
  }
}

/// How much each example counts: the weight of its label's class, or 0 if its label is to be ignored.
///
/// - Throws: ``ShapeError`` as the losses with class weights say.
func exampleWeights(
  _ site: String, _ shape: Shape, _ labels: [Int], _ classWeights: Tensor?, _ ignored: Int?
) throws -> [Float] {
  guard shape.rank == 2, shape.count > 0, shape[0] == labels.count else {
    throw ShapeError(site, expected: "[batch, classes] for \(labels.count) labels", got: shape)
  }
  let classes = shape[1]
  if let classWeights {
    guard classWeights.shape == [classes] else {
      throw ShapeError(site, expected: "class weights [\(classes)]", got: classWeights.shape)
    }
    guard classWeights.withUnsafeElements({ $0.allSatisfy { $0 >= 0 && $0.isFinite } }) else {
      throw ShapeError(site, expected: "class weights of at least 0", got: classWeights)
    }
  }
  let weights = classWeights?.array
  let result = try labels.enumerated().map { example, label -> Float in
    if label == ignored { return 0 }
    guard label >= 0, label < classes else {
      throw ShapeError(site, expected: "labels in 0..<\(classes)", got: "\(label) for example \(example)")
    }
    return weights?[label] ?? 1
  }
  guard result.contains(where: { $0 > 0 }) else {
    throw ShapeError(site, expected: "at least one example that counts", got: "none of \(labels.count)")
  }
  return result
}
