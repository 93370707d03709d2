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
/// with length′ as for a convolution. Padding is never the greatest; NaN always is. Without `stride`, windows lie side
/// by side. Source: Scherer, Müller and Behnke, ICANN 2010.
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
      if geometry.isOfSquares { return geometry.maximaOfSquares(of: input, into: output) }
      geometry.forEachRowOfWindows { source, target in
        (output + target).update(repeating: -.infinity, count: geometry.width.count)
      } eachRun: { windows, place, target, step in
        let (pixels, values) = (input + place, output + (target &+ windows.lowerBound))
        for index in 0..<windows.count {
          let (x, greatest) = (pixels[index &* step], values[index])
          values[index] = x > greatest || x != x ? x : greatest
        }
      }
    }
  }
  return try output.recorded(from: input) {
    MaxPool(input: input.detached, output: output, geometry: geometry)
  }
}

extension PoolingGeometry {
  /// Calls `begin` for each row of windows with the first elements of the input's plane and of the output's row, and then
  /// `eachRun` for each element of the kernel: the windows for which it lies in the image, the element of the input that is
  /// under the first of them, the output's row, and the step from one to the next.
  @inline(__always)
  fileprivate func forEachRowOfWindows(
    _ begin: (_ source: Int, _ target: Int) -> Void,
    eachRun: (_ windows: Range<Int>, _ place: Int, _ target: Int, _ step: Int) -> Void
  ) {
    forEachPlane { source, target in
      for row in 0..<height.count {
        let target = target &+ row &* width.count
        begin(source, target)
        forEachRun(inRow: row) { windows, element in
          // Steps that the compiler knows become vector instructions.
          switch width.stride {
          case 1: eachRun(windows, source &+ element, target, 1)
          case 2: eachRun(windows, source &+ element, target, 2)
          default: eachRun(windows, source &+ element, target, width.stride)
          }
        }
      }
    }
  }
}

/// In the forward run each window's output is one of its elements; therefore the gradient in this layer is 1 at that
/// element and 0 at all others, and the whole error term flows back to it: to the first that is not less than the output.
/// (Of a window with a NaN, that is its first element.)
private struct MaxPool: DifferentiableOperation {
  let input: Tensor
  let output: Tensor
  let geometry: PoolingGeometry

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    if geometry.isOfSquares { return backwardOfSquares(error, &terms) }
    terms.accumulate(to: 0, shape: input.shape) { term, beta in
      guard let term = term.baseAddress else { return }
      if beta == 0 { term.update(repeating: 0, count: input.count) }
      // What has not found its element yet.
      error.withUnsafeMutableElements { error in
        guard let error = error.baseAddress else { return }
        input.withUnsafePointer { input in
          output.withUnsafePointer { output in
            geometry.forEachRowOfWindows { _, _ in
            } eachRun: { windows, place, target, step in
              let (pixels, sums) = (input + place, term + place)
              let (values, errors) = (
                output + (target &+ windows.lowerBound), error + (target &+ windows.lowerBound)
              )
              // In two loops, the first of which becomes vector instructions.
              withUnsafeTemporaryAllocation(of: Float.self, capacity: windows.count) { flow in
                for index in 0..<windows.count {
                  let (x, greatest, e) = (pixels[index &* step], values[index], errors[index])
                  flow[index] = x < greatest ? 0 : e
                  errors[index] = x < greatest ? e : 0
                }
                for index in 0..<windows.count { sums[index &* step] += flow[index] }
              }
            }
          }
        }
      }
    }
  }

  private func backwardOfSquares(_ error: Tensor, _ terms: inout ErrorTerms) {
    terms.accumulate(to: 0, shape: input.shape) { term, beta in
      guard let term = term.baseAddress else { return }
      error.withUnsafePointer { error in
        input.withUnsafePointer { input in
          output.withUnsafePointer { output in
            geometry.errorsOfSquares(error, input: input, maxima: output, into: term, beta: beta)
          }
        }
      }
    }
  }
}
