import LinearAlgebra
import Tensors

/// Probabilities from scores: P(c) = e^{s_c} / Σ e^{s_c'} along the last axis.
///
/// | value | shape |
/// |---|---|
/// | `scores`, output | `[…, classes]` |
///
/// Computed as e^{s_c − max s} / Σ e^{s_c' − max s}, so that no score overflows. For training, ``softmaxCrossEntropy(_:_:)``
/// takes the scores themselves. Source: the lecture, section "Cross-entropy".
///
/// - Throws: ``ShapeError`` for a scalar or an empty last axis.
public func softmax(_ scores: Tensor) throws -> Tensor {
  guard scores.shape.rank > 0, scores.shape[-1] > 0 else {
    throw ShapeError("softmax", expected: "[…, classes]", got: scores.shape)
  }
  let classes = scores.shape[-1]
  var output = scores.detached
  output.withUnsafeMutableElements { values in
    for start in stride(from: 0, to: values.count, by: classes) {
      softmaxRow(UnsafeMutableBufferPointer(rebasing: values[start..<start + classes]))
    }
  }
  return try output.recorded(from: scores) { Softmax(output: output) }
}

/// Replaces scores by their probabilities.
///
/// - Returns: the greatest score and how much larger ln Σ e^{s} is: apart, since their sum would lose the small one.
@discardableResult
func softmaxRow(_ row: UnsafeMutableBufferPointer<Float>) -> (maximum: Float, excess: Float) {
  let maximum = Elementary.maximum(UnsafeBufferPointer(row))
  guard let best = row.firstIndex(of: maximum) else {
    row.update(repeating: .nan)
    return (.nan, .nan)
  }
  row[best] = -.infinity
  let others = Elementary.exponentials(of: row, minus: maximum)
  row[best] = 1
  for index in row.indices { row[index] /= 1 + others }
  return (maximum, Elementary.log1p(others))
}

/// In the forward run p = softmax(s), and ∂p_c/∂s_d = p_c (1[c = d] − p_d); therefore the error term of s_d is
/// p_d (e_d − Σ_c e_c p_c).
private struct Softmax: DifferentiableOperation {
  let output: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let classes = output.shape[-1]
    error.withUnsafeMutableElements { error in
      output.withUnsafeElements { p in
        for start in stride(from: 0, to: p.count, by: classes) {
          let weighted = Elementary.dot(
            UnsafeBufferPointer(rebasing: error[start..<start + classes]),
            UnsafeBufferPointer(rebasing: p[start..<start + classes]))
          for index in start..<start + classes { error[index] = p[index] * (error[index] - weighted) }
        }
      }
    }
    inputs.add(error, to: 0)
  }
}
