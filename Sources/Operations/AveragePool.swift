import Tensors

/// The mean of the elements under each window.
///
///     output[n, c, y, x] = Σ over (i, j) of input[n, c, y·s + i − p, x·s + j − p] / (kernel height · kernel width)
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[batch, channels, height, width]` | `[batch, channels, length]` |
/// | output | `[batch, channels, height′, width′]` | `[batch, channels, length′]` |
///
/// with length′ as for a convolution. Without `stride`, windows lie side by side.
/// Source: LeCun et al., Proceedings of the IEEE 86, 1998.
///
/// - Parameter countsPadding: whether elements in the padding count as zeros of the mean, PyTorch's `count_include_pad`; if not,
///   the sum is divided by the number of elements in the image.
/// - Throws: ``ShapeError`` if the kernel does not fit the input, or a window lies wholly in the padding.
/// - Complexity: batch · channels · height′ · width′ · kernel additions, forward and backward.
public func averagePool(
  _ input: Tensor, kernel: Extent, stride: Extent? = nil, padding: Padding = .valid,
  countsPadding: Bool = true
) throws -> Tensor {
  let geometry = try PoolingGeometry(
    "averagePool", input: input.shape, kernel: kernel, stride: stride, padding: padding)
  let shares = WindowShares(geometry, countsPadding: countsPadding)
  let output = Tensor(shape: geometry.outputShape) { output in
    guard let output = output.baseAddress else { return }
    input.withUnsafePointer { input in
      geometry.forEachPlane { source, target in
        let (input, stride) = (input + source, geometry.width.stride)
        for row in 0..<geometry.height.count {
          let sums = output + target + row * geometry.width.count
          sums.update(repeating: 0, count: geometry.width.count)
          geometry.forEachRun(inRow: row) { windows, element in
            let (sums, elements) = (sums + windows.lowerBound, input + element)
            for index in 0..<windows.count { sums[index] += elements[index &* stride] }
          }
          shares.multiply(sums, row: row)
        }
      }
    }
  }
  return try output.recorded(from: input) { AveragePool(geometry: geometry, shares: shares) }
}

/// 1 / the number of elements that a window's mean is taken over, as a product of one factor for each axis.
private struct WindowShares: Sendable {
  let rows: [Float]
  let columns: [Float]

  init(_ geometry: PoolingGeometry, countsPadding: Bool) {
    func shares(_ axis: WindowAxis) -> [Float] {
      (0..<axis.count).map { window in
        let start = window * axis.stride - axis.before
        let inside = min(axis.size, start + axis.kernel) - max(0, start)
        return 1 / Float(countsPadding ? axis.kernel : inside)
      }
    }
    (rows, columns) = (shares(geometry.height), shares(geometry.width))
  }

  func multiply(_ values: UnsafeMutablePointer<Float>, row: Int) {
    let share = rows[row]
    for (index, column) in columns.enumerated() { values[index] *= share * column }
  }
}

/// In the forward run each window's output is the sum of its elements times its share 1 / count; therefore the gradient in
/// this layer is that share at each of them, and an element's error term is the sum of what its windows send back.
private struct AveragePool: DifferentiableOperation {
  let geometry: PoolingGeometry
  let shares: WindowShares

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    error.withUnsafeMutableElements { error in
      guard let error = error.baseAddress else { return }
      terms.accumulate(to: 0, shape: geometry.inputShape) { term, beta in
        guard let term = term.baseAddress else { return }
        geometry.forEachPlane { source, target in
          let (term, stride) = (term + source, geometry.width.stride)
          if beta == 0 { term.update(repeating: 0, count: geometry.inputPlane) }
          for row in 0..<geometry.height.count {
            let error = error + target + row * geometry.width.count
            shares.multiply(error, row: row)
            geometry.forEachRun(inRow: row) { windows, element in
              let (error, elements) = (error + windows.lowerBound, term + element)
              for index in 0..<windows.count { elements[index &* stride] += error[index] }
            }
          }
        }
      }
    }
  }
}
