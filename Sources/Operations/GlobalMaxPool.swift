import LinearAlgebra
import Tensors

/// The greatest element of each channel; NaN if one is NaN.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, height, width]`, or any axes after the channels |
/// | output | `[batch, channels]` |
///
/// - Throws: ``ShapeError`` if there is no axis after the channels, or no element in a channel.
public func globalMaxPool(_ input: Tensor) throws -> Tensor {
  let (shape, plane) = try globalPoolShape("globalMaxPool", input.shape)
  let output = Tensor(shape: shape) { maxima in
    input.withUnsafePointer { input in
      share(shape.count, workOfEach: Double(plane)) { range in
        for channel in range {
          maxima[channel] = Elementary.maximum(
            UnsafeBufferPointer(start: input + channel * plane, count: plane))
        }
      }
    }
  }
  return try output.recorded(from: input) {
    GlobalMaxPool(input: input.detached, output: output, plane: plane)
  }
}

/// In the forward run each channel's output is one of its elements; therefore the gradient in this layer is 1 at that
/// element, the first if several are equal, and 0 at all others, and the whole error term flows back to it.
private struct GlobalMaxPool: DifferentiableOperation {
  let input: Tensor
  let output: Tensor
  let plane: Int

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    error.withUnsafeElements { error in
      terms.accumulate(to: 0, shape: input.shape) { term, beta in
        if beta == 0 { term.update(repeating: 0) }
        input.withUnsafeElements { input in
          output.withUnsafeElements { output in
            for channel in error.indices {
              let elements = input[channel * plane..<(channel + 1) * plane]
              let maximum = output[channel]
              let winner = elements.firstIndex { $0 == maximum || $0 != $0 }
              if let winner { term[winner] += error[channel] }
            }
          }
        }
      }
    }
  }
}
