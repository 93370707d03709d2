import Tensors

/// The largest element along an axis.
///
/// | value | shape |
/// |---|---|
/// | `input` | any, not empty along the axis |
/// | output | `input`'s without the axis, or with size 1 there |
///
/// Of equal elements the first counts, and gets the whole error term; NaN is larger than all.
///
/// - Throws: ``ShapeError`` if the axis is out of range or empty.
public func maximum(_ input: Tensor, along axis: Int, keepingAxes: Bool = false) throws -> Tensor {
  let axis = try input.shape.axis(axis, site: "maximum")
  guard input.shape[axis] > 0 else {
    throw ShapeError("maximum", expected: "at least one element along axis \(axis)", got: input.shape)
  }
  let kept = try input.shape.replacing(axis, with: 1, site: "maximum")
  var places = Array(repeating: Int32(0), count: kept.count)
  let output = Tensor(shape: kept) { result in
    guard kept.count > 0 else { return }
    let (outer, size, inner) = input.shape.around(axis)
    input.withUnsafeElements { x in
      places.withUnsafeMutableBufferPointer { places in
        for (start, first) in (0..<outer).map({ ($0 * inner, $0 * size * inner) }) {
          for k in 0..<inner { result[start + k] = x[first + k] }
          for position in 1..<max(1, size) {
            for k in 0..<inner {
              let (value, best) = (x[first + position * inner + k], result[start + k])
              let isBetter = value > best || (value != value && best == best)
              result[start + k] = isBetter ? value : best
              places[start + k] = isBetter ? Int32(truncatingIfNeeded: position) : places[start + k]
            }
          }
        }
      }
    }
  }
  return try output.reshaped(to: keepingAxes ? kept : input.shape.removing([axis])).recorded(from: input) {
    Maximum(shape: input.shape, axis: axis, places: places)
  }
}

/// In the forward run the largest element is copied; therefore the error term goes to it, and the others get zero.
private struct Maximum: DifferentiableOperation {
  let shape: Shape
  let axis: Int
  let places: [Int32]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    inputs.accumulate(to: 0, shape: shape) { term, beta in
      if beta == 0 { term.initialize(repeating: 0) }
      guard shape.count > 0 else { return }
      let (_, size, inner) = shape.around(axis)
      error.withUnsafeElements { error in
        for index in error.indices {
          let (outer, k) = index.quotientAndRemainder(dividingBy: inner)
          term[(outer * size + Int(places[index])) * inner + k] += error[index]
        }
      }
    }
  }
}
