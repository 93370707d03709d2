import LinearAlgebra
import Tensors

/// ``softmaxCrossEntropy(_:_:)`` with weights of the classes, labels that are not quite certain, or examples that do not
/// count.
///
///     loss = Σ_n [ (1 − ε) w_{label n} (−ln p_{n, label n}) + ε/C Σ_c w_c (−ln p_{n, c}) ] / Σ_n w_{label n}
///
/// | value | shape |
/// |---|---|
/// | `scores` | `[batch, classes]`, the last layer's output without a softmax |
/// | `labels` | `batch` numbers from 0..<classes |
/// | `classWeights` w | `[classes]`, 1 if `nil`; constants |
/// | output | `[]` |
///
/// Source: Szegedy et al., "Rethinking the Inception architecture for computer vision", 2015, §7, for the smoothing; with
/// weights it is PyTorch's.
///
/// - Parameters:
///   - labelSmoothing: ε from 0 to 1, the share of the target that is spread over all classes.
///   - ignored: a label whose examples do not count; it need not be a class.
/// - Throws: ``ShapeError`` if the shapes do not fit, a label or ε is out of range, or no example counts.
public func softmaxCrossEntropy(
  _ scores: Tensor, _ labels: [Int], classWeights: Tensor? = nil, labelSmoothing: Float = 0,
  ignoring ignored: Int? = nil
) throws -> Tensor {
  let site = "softmaxCrossEntropy"
  let weights = try exampleWeights(site, scores.shape, labels, classWeights, ignored)
  guard labelSmoothing >= 0, labelSmoothing <= 1 else {
    throw ShapeError(site, expected: "a label smoothing from 0 to 1", got: labelSmoothing)
  }
  let classes = scores.shape[1]
  let spread = labelSmoothing / Float(classes)
  let everyClass = classWeights?.array ?? Array(repeating: 1, count: classes)
  let total = Float(weights.reduce(0.0) { $0 + Double($1) })
  var slopes = scores.detached
  var loss = 0.0
  slopes.withUnsafeMutableElements { slopes in
    scores.withUnsafeElements { scores in
      for (example, label) in labels.enumerated() {
        let range = example * classes..<(example + 1) * classes
        let row = UnsafeMutableBufferPointer(rebasing: slopes[range])
        guard label != ignored else {
          row.update(repeating: 0)
          continue
        }
        let (maximum, excess) = softmaxRow(row)
        var sum: Float = 0
        for c in 0..<classes {
          let share = spread * everyClass[c] + (c == label ? (1 - labelSmoothing) * weights[example] : 0)
          guard share != 0 else { continue }
          loss += Double(share) * (Double(maximum) - Double(scores[range.lowerBound + c]) + Double(excess))
          sum += share
        }
        for c in 0..<classes {
          let share = spread * everyClass[c] + (c == label ? (1 - labelSmoothing) * weights[example] : 0)
          row[c] = (sum * row[c] - share) / total
        }
      }
    }
  }
  return try Tensor(scalar: Float(loss / Double(total))).recorded(from: scores) {
    WeightedSoftmaxCrossEntropy(slopes: slopes)
  }
}

/// In the forward run an example adds Σ_c q_c (ln Σ e^{s} − s_c) with its share q_c of each class; therefore the error term
/// of its scores is p Σ_c q_c − q, over the sum of all weights: computed with the loss, since p was at hand.
private struct WeightedSoftmaxCrossEntropy: DifferentiableOperation {
  let slopes: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[]
    var term = slopes
    term.scale(by: scale)
    inputs.add(term, to: 0)
  }
}
