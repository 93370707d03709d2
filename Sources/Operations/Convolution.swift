import Tensors

/// A convolution: the same weights at every place of an image or a sequence.
///
///     output[n, o, y, x] = activation(
///       bias[o] + Σ_{c, i, j} weight[o, c, i, j] · input[n, c, y·s + i·d − p, x·s + j·d − p])
///
/// with stride s, dilation d and padding p for each axis, and zeros outside the image; c runs over the channels of o's
/// group.
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[batch, inputs, height, width]` | `[batch, inputs, length]` |
/// | `weight` | `[outputs, inputs / groups, kernel height, kernel width]` | `[outputs, inputs / groups, kernel]` |
/// | `bias` | `[outputs]` | `[outputs]` |
/// | output | `[batch, outputs, height′, width′]` | `[batch, outputs, length′]` |
///
/// with length′ = ⌊(length + padding − (kernel − 1) · dilation − 1) / stride⌋ + 1. As everywhere in the field, the
/// kernel is not reversed. Along one axis, the widths of stride, padding and dilation count. `groups` equal to `inputs`
/// make it depthwise.
///
/// Computed for each example and group as one product whose second matrix has the pixels under each window for its columns.
/// Within its margins the image has these as runs of memory, and nothing is copied: ``ConvolutionFrame``. Where the kernel
/// is one pixel and the stride 1 the image is that matrix; where the windows of one line lie far from those of the next it
/// is made (im2col). Kernels of 3 × 3 between many channels take a quarter of the multiplications: ``WinogradConvolution``.
/// Source: LeCun et al., Proceedings of the IEEE 86, 1998.
///
/// - Throws: ``ShapeError`` if the shapes or settings do not fit; see ``ConvolutionGeometry``.
/// - Complexity: 2 · batch · outputs · height′ · width′ · (inputs / groups) · kernel flops; two of that size backward.
public func convolution(
  _ input: Tensor, weight: Tensor, bias: Tensor?, stride: Extent = 1, padding: Padding = .valid,
  dilation: Extent = 1, groups: Int = 1, activation: Activation = .identity
) throws -> Tensor {
  guard weight.shape.rank == input.shape.rank, weight.shape.rank > 2 else {
    throw ShapeError(
      "convolution", expected: "a weight [outputs, inputs / groups, …kernel] of the input's rank",
      got: "a weight \(weight.shape) and an input \(input.shape)")
  }
  let outputs = weight.shape[0]
  let geometry = try ConvolutionGeometry(
    image: input.shape, outputs: outputs, kernel: Extent(height: weight.shape[-2], width: weight.shape[-1]),
    stride: stride, padding: padding, dilation: dilation, groups: groups)
  guard weight.shape == geometry.weightShape else {
    throw ShapeError("convolution", expected: "a weight \(geometry.weightShape)", got: weight.shape)
  }
  guard bias.map({ $0.shape == [outputs] }) ?? true else {
    throw ShapeError(
      "convolution", expected: "a bias [\(outputs)]", got: bias.map { "\($0.shape)" } ?? "none")
  }
  let parts = activation.parts
  let sums = Tensor(shape: geometry.responseShape) { output in
    guard let output = output.baseAddress else { return }
    input.withUnsafePointer { input in
      weight.withUnsafePointer { weight in
        withUnsafePointer(of: bias) {
          geometry.convolve(input, weight, into: output, Finish(bias: $0, activation: parts.early))
        }
      }
    }
  }
  let (output, kept) = parts.late.applied(to: consume sums, watching: input, weight, bias)
  return try output.recorded(from: input, weight, bias) {
    Convolution(
      input: input.detached, weight: weight.detached, activation: activation, kept: kept,
      geometry: geometry)
  }
}

/// In the forward run z = W ∗ x + w₀ and h = φ(z), which is h = φ(W · columns(x) + w₀) for each example and group;
/// therefore, with the error term e of h,
///
/// - the error term of z is δ = e ∘ φ′(z): error term times gradient in this layer;
/// - the gradient of W is δ · columns(x)ᵀ, summed over the batch: δ times the previous layer's result, at every place
///   where a weight was used;
/// - the gradient of w₀ is δ, summed over the batch and all places;
/// - the error term of x is Wᵀ · δ, each column added to the pixels it came from: a transposed convolution of δ.
private struct Convolution: DifferentiableOperation {
  let input: Tensor
  let weight: Tensor
  let activation: Activation
  let kept: Tensor
  let geometry: ConvolutionGeometry

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    activation.multiply(&error, byDerivativeAt: kept)
    error.withUnsafePointer { delta in
      terms.accumulate(to: 0, shape: input.shape) { term, beta in
        guard let term = term.baseAddress else { return }
        weight.withUnsafePointer {
          geometry.convolveTransposed(delta, $0, into: term, Finish(beta: beta))
        }
      }
      terms.accumulate(to: 1, shape: weight.shape) { gradient, beta in
        guard let gradient = gradient.baseAddress else { return }
        input.withUnsafePointer {
          geometry.weightGradient(image: $0, response: delta, into: gradient, beta: beta)
        }
      }
      terms.accumulate(to: 2, shape: [geometry.outputs]) { gradient, beta in
        sumChannels(
          of: delta, batch: geometry.batch, channels: geometry.outputs, plane: geometry.windows,
          into: gradient, beta: beta)
      }
    }
  }
}
