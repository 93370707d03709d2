import LinearAlgebra
import Tensors

/// The loss of a classifier with one right class per example: the mean over the batch of −ln softmax(scores)[label].
///
/// | value | shape |
/// |---|---|
/// | `scores` | `[batch, classes]`, the last layer's output without a softmax |
/// | `labels` | `batch` numbers from 0..<classes |
/// | output | `[]` |
///
/// Softmax and logarithm are one operation: (max s − s_label) + ln(1 + Σ' e^{s − max s}), the sum over all but the
/// greatest score, so that no probability is rounded to 0 or 1 and nothing cancels on the way.
/// Source: the lecture, section "Cross-entropy", in the form for one class per example; the lecture's own sum over both
/// outcomes of each class is ``sigmoidCrossEntropy(_:_:)``.
///
/// - Throws: ``ShapeError`` if the shapes do not fit, the batch is empty or a label is out of range.
public func softmaxCrossEntropy(_ scores: Tensor, _ labels: [Int]) throws -> Tensor {
  guard scores.shape.rank == 2, scores.count > 0, scores.shape[0] == labels.count else {
    throw ShapeError(
      "softmaxCrossEntropy", expected: "scores [batch, classes] for \(labels.count) labels", got: scores.shape
    )
  }
  let classes = scores.shape[1]
  if let wrong = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
    throw ShapeError(
      "softmaxCrossEntropy", expected: "labels in 0..<\(classes)",
      got: "\(labels[wrong]) for example \(wrong)")
  }
  var loss = 0.0
  let probabilities = Tensor(shape: scores.shape) { rows in
    withUnsafeTemporaryAllocation(of: Double.self, capacity: labels.count) { losses in
      scores.withUnsafeElements { scores in
        Threads.parallel(overRows: labels.count, of: classes) { examples in
          for example in examples {
            let range = example * classes..<(example + 1) * classes
            let row = UnsafeMutableBufferPointer(rebasing: rows[range])
            _ = row.initialize(from: scores[range])
            let (maximum, excess) = softmaxRow(row)
            losses[example] =
              Double(maximum) - Double(scores[range.lowerBound + labels[example]]) + Double(excess)
          }
        }
      }
      loss = losses.reduce(0, +)
    }
  }
  return try Tensor(scalar: Float(loss / Double(labels.count))).recorded(from: scores) {
    SoftmaxCrossEntropy(probabilities: probabilities, labels: labels)
  }
}

/// In the forward run loss = mean(ln Σ_c e^{s_c} − s_label); therefore ∂loss/∂s = (softmax(s) − y) / batch with y the
/// one-hot label: at the scores the error term is the probabilities' distance from the truth.
private struct SoftmaxCrossEntropy: DifferentiableOperation {
  let probabilities: Tensor
  let labels: [Int]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let scale = error[] / Float(labels.count)
    let classes = probabilities.shape[1]
    let term = Tensor(shape: probabilities.shape) { term in
      probabilities.withUnsafeElements { probabilities in
        Threads.parallel(overRows: labels.count, of: classes) { examples in
          for example in examples {
            let first = example * classes
            for index in first..<first + classes { term[index] = probabilities[index] * scale }
            let label = first + labels[example]
            term[label] = (probabilities[label] - 1) * scale
          }
        }
      }
    }
    inputs.add(term, to: 0)
  }
}
