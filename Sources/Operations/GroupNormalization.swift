import Tensors

/// Each group of an example's channels brought to mean 0 and variance 1, then each channel scaled and shifted.
///
///     output = weight · (input − mean) / √(variance + epsilon) + bias
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels, …]` |
/// | `weight`, `bias` | `[channels]` |
///
/// Mean and variance are those of `channels / groups` neighbouring channels of one example; training and inference do the
/// same. As many groups as channels make it instance normalization. Source: Wu and He, "Group normalization", ECCV 2018.
///
/// - Throws: ``ShapeError`` if the shapes do not fit, `groups` does not divide the channels, or `epsilon` is not a number
///   of at least 0.
/// - Complexity: a few passes over the elements, in either direction.
public func groupNormalization(
  _ input: Tensor, groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Float = 1e-5
) throws -> Tensor {
  guard input.shape.rank >= 2, groups > 0, input.shape[1] > 0, input.shape[1].isMultiple(of: groups) else {
    throw ShapeError(
      "groupNormalization", expected: "[batch, channels, …], the channels a multiple of \(groups) groups",
      got: input.shape)
  }
  try checkAffine("groupNormalization", weight, bias, [input.shape[1]], epsilon)
  guard input.count > 0 else { return input }
  let channels = Channels(batched: input.shape)
  let rows = channels.outer * groups
  return try normalization(
    input, .meanAndVariance, over: Channels(outer: 1, count: rows, inner: input.count / rows),
    epsilon: epsilon, weight: weight, bias: bias, affine: channels
  ).output
}
