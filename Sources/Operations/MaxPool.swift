import Tensors

/// The greatest element under each window.
///
///     output[n, c, y, x] = max over (i, j) of input[n, c, y·s + i·d − p, x·s + j·d − p]
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[batch, channels, height, width]` | `[batch, channels, length]` |
/// | output | `[batch, channels, height′, width′]` | `[batch, channels, length′]` |
///
/// with length′ as for a convolution. Padding is never the greatest; NaN always is. Without `stride`, windows lie side by side.
/// Source: Scherer, Müller and Behnke, ICANN 2010.
///
/// - Throws: ``ShapeError`` if the kernel does not fit the input, or a window lies wholly in the padding.
/// - Complexity: batch · channels · height′ · width′ · kernel comparisons, forward and again backward.
public func maxPool(
  _ input: Tensor, kernel: Extent, stride: Extent? = nil, padding: Padding = .valid, dilation: Extent = 1
) throws -> Tensor {
  let geometry = try PoolingGeometry(
    "maxPool", input: input.shape, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  let output = Tensor(shape: geometry.outputShape) { output in
    guard let output = output.baseAddress else { return }
    input.withUnsafePointer { input in
      geometry.forEachPlane { source, target in
        geometry.forEachRowOfWinners(of: input + source) { row, values, _ in
          (output + target + row * geometry.width.count).update(from: values, count: geometry.width.count)
        }
      }
    }
  }
  return try output.recorded(from: input) { MaxPool(input: input.detached, geometry: geometry) }
}

extension PoolingGeometry {
  /// Calls `body` for each row of windows of a plane with the greatest elements and where in the plane they were found; of
  /// equal ones the first.
  fileprivate func forEachRowOfWinners(
    of plane: UnsafePointer<Float>,
    _ body: (_ row: Int, _ values: UnsafePointer<Float>, _ winners: UnsafePointer<Int>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: width.count) { winners in
      withScratch(width.count) { values in
        guard let winners = winners.baseAddress else { return }
        for row in 0..<height.count {
          values.update(repeating: -.infinity, count: width.count)
          winners.initialize(repeating: -1, count: width.count)
          forEachRun(inRow: row) { windows, element in
            for index in 0..<windows.count {
              let place = element &+ index &* width.stride
              let (x, window) = (plane[place], windows.lowerBound &+ index)
              if x > values[window] || x != x || winners[window] < 0 {
                (values[window], winners[window]) = (x, place)
              }
            }
          }
          body(row, values, winners)
        }
      }
    }
  }
}

/// In the forward run each window's output is one of its elements; therefore the gradient in this layer is 1 at that
/// element and 0 at all others, and the whole error term flows back to it. Where it was is found again, as in the forward run.
private struct MaxPool: DifferentiableOperation {
  let input: Tensor
  let geometry: PoolingGeometry

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    error.withUnsafePointer { error in
      terms.accumulate(to: 0, shape: input.shape) { term, beta in
        guard let term = term.baseAddress else { return }
        input.withUnsafePointer { input in
          geometry.forEachPlane { source, target in
            let term = term + source
            if beta == 0 { term.update(repeating: 0, count: geometry.inputPlane) }
            geometry.forEachRowOfWinners(of: input + source) { row, _, winners in
              let error = error + target + row * geometry.width.count
              for window in 0..<geometry.width.count { term[winners[window]] += error[window] }
            }
          }
        }
      }
    }
  }
}
