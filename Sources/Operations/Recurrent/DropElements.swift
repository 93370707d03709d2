import Tensors

/// The input with some elements made zero, each with probability `rate`, and the others divided by 1 − `rate`.
///
/// Between the layers of a recurrent stack in training. Source: Srivastava et al., JMLR 15, 2014.
package func dropout(_ input: Tensor, rate: Float, using random: inout RandomSource) throws -> Tensor {
  let scale = 1 / (1 - rate)
  let factors = Tensor(shape: input.shape) { factors in
    for index in factors.indices { factors[index] = random.uniform() < rate ? 0 : scale }
  }
  var output = input.detached
  multiply(&output, by: factors)
  return try output.recorded(from: input) { DropElements(factors: factors) }
}

/// In the forward run each element was multiplied by a factor; therefore so is its error term.
private struct DropElements: DifferentiableOperation {
  let factors: Tensor

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    multiply(&error, by: factors)
    terms.add(error, to: 0)
  }
}

private func multiply(_ values: inout Tensor, by factors: Tensor) {
  factors.withUnsafeElements { factors in
    values.withUnsafeMutableElements { values in
      for index in values.indices { values[index] *= factors[index] }
    }
  }
}
