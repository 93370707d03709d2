import Tensors

/// A transposed convolution (deconvolution): each input element spreads the weights over its window of the output.
///
///     output = activation(bias + Σ over windows that contain the place of weight · input)
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[batch, inputs, height, width]` | `[batch, inputs, length]` |
/// | `weight` | `[inputs, outputs / groups, kernel height, kernel width]` | `[inputs, outputs / groups, kernel]` |
/// | `bias` | `[outputs]` | `[outputs]` |
/// | output | `[batch, outputs, height′, width′]` | `[batch, outputs, length′]` |
///
/// with length′ = (length − 1) · stride − padding + (kernel − 1) · dilation + output padding + 1, or length · stride
/// with padding `same`. It is the adjoint of the convolution of the same weights and settings, ⟨conv x, y⟩ = ⟨x, deconv
/// y⟩, and runs on the same products: its forward run is the way back of the convolution. Source: Zeiler et al., CVPR
/// 2010.
///
/// - Parameter outputPadding: rows and columns after the output's last that are needed to tell apart the sizes of which
///   a convolution of stride > 1 makes the same; less than the stride or the dilation.
/// - Throws: ``ShapeError`` if the shapes or settings do not fit; see ``ConvolutionGeometry``.
/// - Complexity: 2 · batch · inputs · height · width · (outputs / groups) · kernel flops; two of that size backward.
public func transposedConvolution(
  _ input: Tensor, weight: Tensor, bias: Tensor?, stride: Extent = 1, padding: Padding = .valid,
  outputPadding: Extent = 0, dilation: Extent = 1, groups: Int = 1, activation: Activation = .identity
) throws -> Tensor {
  guard weight.shape.rank == input.shape.rank, weight.shape.rank > 2 else {
    throw ShapeError(
      "transposedConvolution", expected: "a weight [inputs, outputs / groups, …kernel] of the input's rank",
      got: "a weight \(weight.shape) and an input \(input.shape)")
  }
  let (outputs, overflow) = weight.shape[1].multipliedReportingOverflow(by: groups)
  let geometry = try ConvolutionGeometry(
    transposing: input.shape, inputs: overflow ? 0 : outputs,
    kernel: Extent(height: weight.shape[-2], width: weight.shape[-1]), stride: stride, padding: padding,
    outputPadding: outputPadding, dilation: dilation, groups: groups)
  guard weight.shape == geometry.weightShape else {
    throw ShapeError(
      "transposedConvolution", expected: "a weight \(geometry.weightShape)", got: weight.shape)
  }
  guard bias.map({ $0.shape == [outputs] }) ?? true else {
    throw ShapeError(
      "transposedConvolution", expected: "a bias [\(outputs)]", got: bias.map { "\($0.shape)" } ?? "none")
  }
  let parts = activation.parts
  let sums = Tensor(shape: geometry.imageShape) { output in
    guard let output = output.baseAddress else { return }
    input.withUnsafePointer { input in
      weight.withUnsafePointer { weight in
        withUnsafePointer(of: bias) {
          geometry.convolveTransposed(
            input, weight, into: output, Finish(bias: $0, activation: parts.early))
        }
      }
    }
  }
  let (output, kept) = parts.late.applied(to: consume sums, watching: input, weight, bias)
  return try output.recorded(from: input, weight, bias) {
    TransposedConvolution(
      input: input.detached, weight: weight.detached, activation: activation, kept: kept,
      geometry: geometry)
  }
}

/// In the forward run z = Wᵀ ∗ x + w₀ and h = φ(z), Wᵀ ∗ being the adjoint of the convolution with W; therefore, with
/// the error term e of h,
///
/// - the error term of z is δ = e ∘ φ′(z): error term times gradient in this layer;
/// - the gradient of W is x · columns(δ)ᵀ, summed over the batch: the previous layer's result times δ, at every place
///   where a weight was used;
/// - the gradient of w₀ is δ, summed over the batch and all places;
/// - the error term of x is W ∗ δ, the convolution of δ.
private struct TransposedConvolution: DifferentiableOperation {
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
        weight.withUnsafePointer { geometry.convolve(delta, $0, into: term, Finish(beta: beta)) }
      }
      terms.accumulate(to: 1, shape: weight.shape) { gradient, beta in
        guard let gradient = gradient.baseAddress else { return }
        input.withUnsafePointer {
          geometry.weightGradient(image: delta, response: $0, into: gradient, beta: beta)
        }
      }
      terms.accumulate(to: 2, shape: [geometry.inputs]) { gradient, beta in
        sumChannels(
          of: delta, batch: geometry.batch, channels: geometry.inputs, plane: geometry.imagePlane,
          into: gradient, beta: beta)
      }
    }
  }
}
