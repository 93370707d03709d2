import Tensors

/// An image or a sequence with margins of one value around it.
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[…, height, width]`, at least three axes | `[batch, channels, length]` |
/// | output | `[…, top + height + bottom, left + width + right]` | `[batch, channels, left + length + right]` |
///
/// With three axes, the last alone is padded.
///
/// - Throws: ``ShapeError`` if there are fewer than three axes, a margin is negative, or the output would have more than 2³¹ − 1
///   elements.
public func pad(_ input: Tensor, by margins: Margins, value: Float = 0) throws -> Tensor {
  let frame = try ImageFrame("pad", input.shape, margins)
  let output = Tensor(shape: frame.outputShape) { output in
    guard let output = output.baseAddress else { return }
    output.initialize(repeating: value, count: frame.outputShape.count)
    input.withUnsafePointer { input in
      frame.forEachLine { inner, outer in (output + outer).update(from: input + inner, count: frame.width) }
    }
  }
  return try output.recorded(from: input) { Pad(frame: frame) }
}

/// In the forward run the image was copied into its frame; therefore the gradient in this layer is 1 within the frame, and the
/// image's error term is what flows back there. What flows back to the margins has nowhere to go.
private struct Pad: DifferentiableOperation {
  let frame: ImageFrame

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    error.withUnsafePointer { error in
      terms.accumulate(to: 0, shape: frame.inputShape) { term, beta in
        guard let term = term.baseAddress else { return }
        frame.forEachLine { inner, outer in
          if beta == 0 {
            (term + inner).update(from: error + outer, count: frame.width)
          } else {
            for index in 0..<frame.width { term[inner + index] += error[outer + index] }
          }
        }
      }
    }
  }
}
