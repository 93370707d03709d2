import Tensors

/// The input with some of its elements, drawn at random, replaced by zero and the others enlarged to make up for it.
///
///     output = input ∘ mask / (1 − rate), mask = 0 with the probability `rate`, else 1
///
/// | value | shape |
/// |---|---|
/// | `input`, output | any, the same |
///
/// The expected value of each element stays what it was, so that inference needs no correction: there, dropout is left
/// out. The mask follows from `random` alone, whatever the number of threads. Source: Srivastava et al., "Dropout", JMLR
/// 2014; the lecture, section "Dropout".
///
/// - Throws: ``ShapeError`` unless 0 ≤ `rate` < 1.
/// - Complexity: one pass over the elements; a bit each is kept for the way back.
public func dropout(_ input: Tensor, rate: Float, using random: inout RandomSource) throws -> Tensor {
  try dropout("dropout", input, values: input.count, rate: rate, using: &random)
}

/// The input with some of its channels, drawn at random, replaced by zero and the others enlarged to make up for it.
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels, …]` |
///
/// Neighbouring elements of an image's channel are alike; dropping single ones would take little away. Source: Tompson et
/// al., "Efficient object localization using convolutional networks", CVPR 2015, section 3.2.
///
/// - Throws: ``ShapeError`` unless 0 ≤ `rate` < 1 and `input` has a channel axis.
public func spatialDropout(_ input: Tensor, rate: Float, using random: inout RandomSource) throws -> Tensor {
  guard input.shape.rank >= 2 else {
    throw ShapeError("spatialDropout", expected: "[batch, channels, …]", got: input.shape)
  }
  let channels = input.shape[0].multipliedReportingOverflow(by: input.shape[1])
  return try dropout(
    "spatialDropout", input, values: input.count == 0 || channels.overflow ? 0 : channels.partialValue,
    rate: rate, using: &random)
}

private func dropout(
  _ site: String, _ input: Tensor, values: Int, rate: Float, using random: inout RandomSource
) throws -> Tensor {
  guard rate >= 0, rate < 1 else {
    throw ShapeError(site, expected: "a rate of at least 0 and below 1", got: "\(rate)")
  }
  guard rate > 0, values > 0 else { return input }
  let keep = 1 - Double(rate)
  let drop = Dropout(
    mask: DropoutMask(count: values, keep: keep, using: &random), length: input.count / values,
    scale: Float(1 / keep))
  var output = input.detached
  output.withUnsafeMutableElements(drop.apply)
  return try output.recorded(from: input) { drop }
}

/// In the forward run y = x ∘ m / (1 − p); therefore the error term of x is e ∘ m / (1 − p), with the same mask m: the
/// error term times the gradient in this layer, which is 0 for what was dropped.
private struct Dropout: DifferentiableOperation {
  let mask: DropoutMask
  let length: Int
  let scale: Float

  func apply(to elements: UnsafeMutableBufferPointer<Float>) {
    mask.apply(to: elements, length: length, scale: scale)
  }

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    error.withUnsafeMutableElements(apply)
    inputs.add(error, to: 0)
  }
}
