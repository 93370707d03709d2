import LinearAlgebra
import Tensors

/// The means of as many windows as the output is to have, whatever the size of the input.
///
///     output[n, c, y, x] = mean of input[n, c, ⌊y·h/h′⌋ ..< ⌈(y + 1)·h/h′⌉, ⌊x·w/w′⌋ ..< ⌈(x + 1)·w/w′⌉]
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[batch, channels, h, w]` | `[batch, channels, w]` |
/// | output | `[batch, channels, h′, w′]` | `[batch, channels, w′]` |
///
/// Windows overlap where the sizes do not divide. The same as PyTorch's.
///
/// - Parameter size: h′ and w′; along one axis, w′ counts.
/// - Throws: ``ShapeError`` if a size is less than 1, or the output would have more than 2³¹ − 1 elements.
/// - Complexity: batch · channels · h · w additions, more by the overlap, forward and backward.
public func adaptiveAveragePool(_ input: Tensor, to size: Extent) throws -> Tensor {
  let geometry = try ResizingGeometry("adaptiveAveragePool", input: input.shape, to: size)
  let bins = geometry.bins
  let output = Tensor(shape: geometry.outputShape) { output in
    guard let output = output.baseAddress else { return }
    input.withUnsafePointer { input in
      geometry.forEachPlane { source, target in
        var mean = output + target
        for row in bins.rows {
          for column in bins.columns {
            var sum: Float = 0
            for y in row {
              let line = input + source + y * geometry.width
              sum += Elementary.sum(
                UnsafeBufferPointer(start: line + column.lowerBound, count: column.count))
            }
            mean.pointee = sum / Float(row.count * column.count)
            mean += 1
          }
        }
      }
    }
  }
  return try output.recorded(from: input) { AdaptiveAveragePool(geometry: geometry) }
}

extension ResizingGeometry {
  /// The rows and the columns of the input that each row and column of the output is the mean of.
  fileprivate var bins: (rows: [Range<Int>], columns: [Range<Int>]) {
    func bins(_ size: Int, _ count: Int) -> [Range<Int>] {
      (0..<count).map { $0 * size / count..<(($0 + 1) * size + count - 1) / count }
    }
    return (bins(height, outputHeight), bins(width, outputWidth))
  }
}

/// In the forward run each output is the mean of a window; therefore the gradient in this layer is 1 / count at each of
/// its elements, and an element's error term is the sum of what its windows send back.
private struct AdaptiveAveragePool: DifferentiableOperation {
  let geometry: ResizingGeometry

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    let bins = geometry.bins
    error.withUnsafePointer { error in
      terms.accumulate(to: 0, shape: geometry.inputShape) { term, beta in
        guard let term = term.baseAddress else { return }
        geometry.forEachPlane { source, target in
          let term = term + source
          if beta == 0 { term.update(repeating: 0, count: geometry.inputPlane) }
          var error = error + target
          for row in bins.rows {
            for column in bins.columns {
              let part = error.pointee / Float(row.count * column.count)
              error += 1
              for y in row {
                let line = term + y * geometry.width
                for x in column { line[x] += part }
              }
            }
          }
        }
      }
    }
  }
}
