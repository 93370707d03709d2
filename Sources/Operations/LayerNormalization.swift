import Tensors

/// The last axes of each example brought to mean 0 and variance 1, then scaled and shifted.
///
///     output = weight ∘ (input − mean) / √(variance + epsilon) + bias
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[…] + shape` |
/// | `weight`, `bias` | `shape` |
///
/// Mean and variance, which divides by the number of values, are those of the elements of the last axes, which `shape` gives;
/// training and inference do the same. Source: Ba, Kiros and Hinton, "Layer normalization", 2016, equation 4.
///
/// - Throws: ``ShapeError`` if `input` does not end in `shape`, `shape` is empty, `weight` or `bias` has another shape, or
///   `epsilon` is not a number of at least 0.
/// - Complexity: a few passes over the elements, in either direction.
public func layerNormalization(
  _ input: Tensor, over shape: Shape, weight: Tensor?, bias: Tensor?, epsilon: Float = 1e-5
) throws -> Tensor {
  let rows = try checkedRows("layerNormalization", input, shape, weight, bias, epsilon)
  return try normalization(
    input, .meanAndVariance, over: Channels(outer: 1, count: rows, inner: shape.count), epsilon: epsilon,
    weight: weight, bias: bias, affine: Channels(outer: rows, count: shape.count, inner: 1)
  ).output
}

/// The last axes of each example divided by the root of their mean square, then scaled.
///
///     output = weight ∘ input / √(mean(input²) + epsilon)
///
/// Shapes and errors are those of ``layerNormalization(_:over:weight:bias:epsilon:)``. The default `epsilon` is the
/// distance from 1 to the next number, as PyTorch takes it where none is given. Source: Zhang and Sennrich, "Root mean
/// square layer normalization", NeurIPS 2019, equation 4.
public func rmsNormalization(
  _ input: Tensor, over shape: Shape, weight: Tensor?, epsilon: Float = .ulpOfOne
) throws -> Tensor {
  let rows = try checkedRows("rmsNormalization", input, shape, weight, nil, epsilon)
  return try normalization(
    input, .meanSquare, over: Channels(outer: 1, count: rows, inner: shape.count), epsilon: epsilon,
    weight: weight, bias: nil, affine: Channels(outer: rows, count: shape.count, inner: 1)
  ).output
}

/// The number of parts of the input that are normalized apart.
private func checkedRows(
  _ site: String, _ input: Tensor, _ shape: Shape, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Float
) throws -> Int {
  guard shape.rank > 0, shape.count > 0, input.shape.array.suffix(shape.rank) == shape.array[...] else {
    throw ShapeError(site, expected: "[…] + \(shape), not empty", got: input.shape)
  }
  try checkAffine(site, weight, bias, shape, epsilon)
  return input.count / shape.count
}
