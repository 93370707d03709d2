import LinearAlgebra
import Tensors

/// Logarithms of probabilities from scores: ln P(c) = s_c − ln Σ e^{s_c'} along the last axis.
///
/// | value | shape |
/// |---|---|
/// | `scores`, output | `[…, classes]` |
///
/// Computed as (s_c − max s) − ln(1 + Σ' e^{s_c' − max s}), the sum over all but the greatest score, so that no score
/// overflows and no probability is rounded to 0 before its logarithm is taken.
///
/// - Throws: ``ShapeError`` for a scalar or an empty last axis.
public func logSoftmax(_ scores: Tensor) throws -> Tensor {
  guard scores.shape.rank > 0, scores.shape[-1] > 0 else {
    throw ShapeError("logSoftmax", expected: "[…, classes]", got: scores.shape)
  }
  let classes = scores.shape[-1]
  var powers = scores.detached
  var output = scores.detached
  powers.withUnsafeMutableElements { powers in
    output.withUnsafeMutableElements { output in
      for start in stride(from: 0, to: output.count, by: classes) {
        let range = start..<start + classes
        let (maximum, excess) = softmaxRow(UnsafeMutableBufferPointer(rebasing: powers[range]))
        UnsafeMutableBufferPointer(rebasing: output[range]).replaceEach { ($0 - maximum) - excess }
      }
    }
  }
  return try output.recorded(from: scores) { LogSoftmax(probabilities: powers) }
}

/// In the forward run l_c = s_c − ln Σ e^{s}, and ∂l_c/∂s_d = 1[c = d] − p_d with p = softmax(s); therefore the error
/// term of s_d is e_d − p_d Σ_c e_c.
private struct LogSoftmax: DifferentiableOperation {
  let probabilities: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let classes = probabilities.shape[-1]
    error.withUnsafeMutableElements { error in
      probabilities.withUnsafeElements { p in
        for start in stride(from: 0, to: p.count, by: classes) {
          let range = start..<start + classes
          let row = UnsafeMutableBufferPointer(rebasing: error[range])
          let sum = Elementary.sum(UnsafeBufferPointer(row))
          row.replaceEach(by: UnsafeBufferPointer(rebasing: p[range])) { error, p in error - p * sum }
        }
      }
    }
    inputs.add(error, to: 0)
  }
}
