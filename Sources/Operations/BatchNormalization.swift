import Tensors

/// Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted: what training computes.
///
///     output = weight · (input − mean) / √(variance + epsilon) + bias
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels]` or `[batch, channels, …]` |
/// | `weight`, `bias`, `mean`, `variance` | `[channels]` |
///
/// The variance divides by the number n of values of a channel. Source: Ioffe and Szegedy, "Batch normalization", ICML
/// 2015, algorithm 1: γ is `weight`, β is `bias`; the lecture, section "Normalization".
///
/// - Returns: the output, and the statistics of this batch, for running ones to learn from.
/// - Throws: ``ShapeError`` if the shapes do not fit, a channel has fewer than two values, whose deviation would be
///   nothing, or `epsilon` is not a number of at least 0.
public func batchNormalization(
  _ input: Tensor, weight: Tensor?, bias: Tensor?, epsilon: Float = 1e-5
) throws -> (output: Tensor, mean: Tensor, variance: Tensor) {
  let channels = try checked(input, weight, bias, epsilon)
  guard channels.count == 0 || channels.size > 1 else {
    throw ShapeError(
      "batchNormalization", expected: "more than one value for each channel in training", got: input.shape)
  }
  return try normalization(
    input, .meanAndVariance, over: channels, epsilon: epsilon, weight: weight, bias: bias, affine: channels)
}

/// Each channel normalized by given statistics, constants to any tape: what inference computes.
///
/// Shapes are those of ``batchNormalization(_:weight:bias:epsilon:)``.
///
/// - Throws: ``ShapeError`` if the shapes do not fit, or `epsilon` is not a number of at least 0.
public func batchNormalization(
  _ input: Tensor, mean: Tensor, variance: Tensor, weight: Tensor?, bias: Tensor?, epsilon: Float = 1e-5
) throws -> Tensor {
  let channels = try checked(input, weight, bias, epsilon)
  for statistic in [mean, variance] where statistic.shape != [channels.count] {
    throw ShapeError("batchNormalization", expected: "statistics [\(channels.count)]", got: statistic.shape)
  }
  return try normalization(
    input, .constant(mean: mean, variance: variance), over: channels, epsilon: epsilon, weight: weight,
    bias: bias, affine: channels
  ).output
}

private func checked(_ input: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Float) throws -> Channels
{
  guard input.shape.rank >= 2 else {
    throw ShapeError("batchNormalization", expected: "[batch, channels, …]", got: input.shape)
  }
  try checkAffine("batchNormalization", weight, bias, [input.shape[1]], epsilon)
  return Channels(batched: input.shape)
}

extension Channels {
  /// The channels of axis 1.
  ///
  /// - Precondition: there is one.
  init(batched shape: Shape) {
    // Sizes whose product is zero may overflow if they are multiplied in part.
    let isEmpty = shape.count == 0
    self.init(
      outer: shape[0], count: shape[1],
      inner: isEmpty ? 0 : shape.array.dropFirst(2).reduce(1, *))
  }
}

/// Checks what all normalizations take besides their input.
func checkAffine(_ site: String, _ weight: Tensor?, _ bias: Tensor?, _ shape: Shape, _ epsilon: Float) throws
{
  for (name, tensor) in [("weight", weight), ("bias", bias)] {
    if let tensor, tensor.shape != shape {
      throw ShapeError(site, expected: "a \(name) \(shape)", got: tensor.shape)
    }
  }
  guard epsilon >= 0, epsilon.isFinite else {
    throw ShapeError(site, expected: "an epsilon of at least 0", got: "\(epsilon)")
  }
}
