import Tensors

/// How the elements between those of an image are found.
public enum Interpolation: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Output element i is input element ⌊i · size / size′⌋.
  case nearest
  /// A mean of the neighbours along each axis, weighted by nearness, at the place (i + ½) · size / size′ − ½ within the image; or,
  /// with `alignCorners`, at i · (size − 1) / (size′ − 1), so that the first and last elements keep their places.
  case bilinear(alignCorners: Bool = false)

  public var description: String {
    switch self {
    case .nearest: "nearest"
    case .bilinear(let alignCorners): alignCorners ? "bilinear, corners aligned" : "bilinear"
    }
  }
}

/// An image or a sequence in another size.
///
///     output[y, x] = Σ over the two neighbours of y and the two of x of weight(y) · weight(x) · input[neighbours]
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[batch, channels, height, width]` | `[batch, channels, length]` |
/// | output | `[batch, channels, size.height, size.width]` | `[batch, channels, size.width]` |
///
/// The same as PyTorch's `interpolate`; along one axis `bilinear` is its `linear`.
///
/// - Throws: ``ShapeError`` if a size is less than 1, or the output would have more than 2³¹ − 1 elements.
/// - Complexity: four multiplications for each element of the output, forward and backward.
public func upsample(_ input: Tensor, to size: Extent, by interpolation: Interpolation = .nearest) throws
  -> Tensor
{
  let geometry = try ResizingGeometry("upsample", input: input.shape, to: size)
  let rows = neighbours(interpolation, size: geometry.height, count: geometry.outputHeight)
  let columns = neighbours(interpolation, size: geometry.width, count: geometry.outputWidth)
  let output = Tensor(shape: geometry.outputShape) { output in
    guard let output = output.baseAddress else { return }
    input.withUnsafePointer { input in
      geometry.forEachPlane { source, target in
        let plane = input + source
        var output = output + target
        for row in rows {
          let (upper, lower) = (plane + row.first * geometry.width, plane + row.second * geometry.width)
          for (index, column) in columns.enumerated() {
            let above = column.mean(upper[column.first], upper[column.second])
            output[index] =
              row.share == 0
              ? above : row.mean(above, column.mean(lower[column.first], lower[column.second]))
          }
          output += columns.count
        }
      }
    }
  }
  return try output.recorded(from: input) { Upsample(geometry: geometry, rows: rows, columns: columns) }
}

/// Two neighbouring elements of an axis and the second one's share of their mean.
private struct Neighbours: Sendable {
  let first: Int
  let second: Int
  let share: Float

  func mean(_ a: Float, _ b: Float) -> Float { share == 0 ? a : (1 - share) * a + share * b }
}

/// Which elements of an axis of `size` each of the `count` elements of the output comes from.
private func neighbours(_ interpolation: Interpolation, size: Int, count: Int) -> [Neighbours] {
  (0..<count).map { index in
    let place: Double
    switch interpolation {
    case .nearest:
      let nearest = index * size / count
      return Neighbours(first: nearest, second: nearest, share: 0)
    case .bilinear(alignCorners: true):
      place = count > 1 ? Double(index) * Double(size - 1) / Double(count - 1) : 0
    case .bilinear(alignCorners: false):
      place = max(0, (Double(index) + 0.5) * Double(size) / Double(count) - 0.5)
    }
    let first = min(size - 1, Int(place))
    return Neighbours(
      first: first, second: min(size - 1, first + 1), share: Float(place - Double(first)))
  }
}

/// In the forward run each output is a mean of four neighbours with fixed weights; therefore the gradient in this layer is that
/// weight, and an element's error term is the sum of weight · error term over all outputs that it is a neighbour of.
private struct Upsample: DifferentiableOperation {
  let geometry: ResizingGeometry
  let rows: [Neighbours]
  let columns: [Neighbours]

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    error.withUnsafePointer { error in
      terms.accumulate(to: 0, shape: geometry.inputShape) { term, beta in
        guard let term = term.baseAddress else { return }
        geometry.forEachPlane { source, target in
          let plane = term + source
          if beta == 0 { plane.update(repeating: 0, count: geometry.inputPlane) }
          var error = error + target
          for row in rows {
            for (line, share) in [(row.first, 1 - row.share), (row.second, row.share)] where share != 0 {
              let line = plane + line * geometry.width
              for (index, column) in columns.enumerated() {
                let error = share * error[index]
                line[column.first] += (1 - column.share) * error
                if column.share != 0 { line[column.second] += column.share * error }
              }
            }
            error += columns.count
          }
        }
      }
    }
  }
}
