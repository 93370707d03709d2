import LinearAlgebra
import Tensors

/// The rectified linear unit with a learnt slope a below zero: x for x > 0, else ax.
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels, …]`, or any with one slope |
/// | `slope` | `[channels]`, or `[1]` for one that all share |
///
/// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
///
/// - Throws: ``ShapeError`` if the shapes do not fit.
public func prelu(_ input: Tensor, slope: Tensor) throws -> Tensor {
  guard slope.shape.rank == 1, slope.count > 0 else {
    throw ShapeError("prelu", expected: "slopes [channels]", got: slope.shape)
  }
  let channels = slope.count
  guard channels == 1 || (input.shape.rank > 1 && input.shape[1] == channels) else {
    throw ShapeError("prelu", expected: "[batch, \(channels), …]", got: input.shape)
  }
  let operation = PReLU(input: input.detached, slope: slope.detached)
  var output = input.detached
  output.withUnsafeMutableElements { values in
    operation.forEachChannel { channel, slope, range in
      UnsafeMutableBufferPointer(rebasing: values[range])
        .inParts { $0.replaceEach { $0 > 0 ? $0 : slope * $0 } }
    }
  }
  return try output.recorded(from: input, slope) { operation }
}

/// In the forward run y = x for x > 0, else ax; therefore the error term of x is that of y times 1 or a, and the gradient
/// of a is the error term times x, summed over all x ≤ 0 that a was used for.
private struct PReLU: DifferentiableOperation {
  let input: Tensor
  let slope: Tensor

  /// Calls `body` with each run of elements that have one slope.
  func forEachChannel(_ body: (_ channel: Int, _ slope: Float, _ range: Range<Int>) -> Void) {
    guard input.count > 0 else { return }
    let channels = slope.count
    let length = channels == 1 ? input.count : input.shape.array.dropFirst(2).reduce(1, *)
    guard length > 0 else { return }
    slope.withUnsafeElements { slope in
      for (run, start) in stride(from: 0, to: input.count, by: length).enumerated() {
        body(run % channels, slope[run % channels], start..<start + length)
      }
    }
  }

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    input.withUnsafeElements { x in
      if inputs.wants(1) {
        var products = error.detached
        products.updateParts(with: input) { $0.replaceEach(by: $1) { error, x in x > 0 ? 0 : error * x } }
        var gradient = Tensor.zeros(slope.shape)
        gradient.withUnsafeMutableElements { gradient in
          products.withUnsafeElements { products in
            forEachChannel { channel, _, range in
              gradient[channel] += Elementary.sum(UnsafeBufferPointer(rebasing: products[range]))
            }
          }
        }
        inputs.add(gradient, to: 1)
      }
      guard inputs.wants(0) else { return }
      error.withUnsafeMutableElements { error in
        forEachChannel { _, slope, range in
          UnsafeMutableBufferPointer(rebasing: error[range])
            .inParts(with: UnsafeBufferPointer(rebasing: x[range])) {
              $0.replaceEach(by: $1) { $1 > 0 ? $0 : slope * $0 }
            }
        }
      }
    }
    inputs.add(error, to: 0)
  }
}
