import LinearAlgebra
import Tensors

/// The mean of each channel.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, height, width]`, or any axes after the channels |
/// | output | `[batch, channels]` |
///
/// Source: Lin, Chen and Yan, "Network in network", ICLR 2014.
///
/// - Throws: ``ShapeError`` if there is no axis after the channels, or no element in a channel.
public func globalAveragePool(_ input: Tensor) throws -> Tensor {
  let (shape, plane) = try globalPoolShape("globalAveragePool", input.shape)
  let output = Tensor(shape: shape) { means in
    input.withUnsafePointer { input in
      share(shape.count, workOfEach: Double(plane)) { range in
        for channel in range {
          let elements = UnsafeBufferPointer(start: input + channel * plane, count: plane)
          means[channel] = Elementary.sum(elements) / Float(plane)
        }
      }
    }
  }
  return try output.recorded(from: input) { GlobalAveragePool(input: input.shape, plane: plane) }
}

/// `[batch, channels]`, and the number of elements in a channel.
func globalPoolShape(_ site: String, _ input: Shape) throws(ShapeError) -> (Shape, plane: Int) {
  guard input.rank > 2, let plane = Shape(exactly: input.array[2...])?.count, plane > 0 else {
    throw ShapeError(
      site, expected: "[batch, channels, height, width] or [batch, channels, length]", got: input)
  }
  return ([input[0], input[1]], plane)
}

/// In the forward run each channel's output is the mean of its elements; therefore the gradient in this layer is 1 / count at
/// each of them, and each receives that part of the error term.
private struct GlobalAveragePool: DifferentiableOperation {
  let input: Shape
  let plane: Int

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    error.withUnsafePointer { error in
      terms.accumulate(to: 0, shape: input) { term, beta in
        guard let term = term.baseAddress else { return }
        for channel in 0..<input[0] * input[1] {
          let (part, elements) = (error[channel] / Float(plane), term + channel * plane)
          if beta == 0 {
            elements.update(repeating: part, count: plane)
          } else {
            for index in 0..<plane { elements[index] += part }
          }
        }
      }
    }
  }
}
