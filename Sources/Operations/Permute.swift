import Tensors

/// The axes in another order: axis `axes[i]` of the input becomes axis i.
///
/// | value | shape |
/// |---|---|
/// | `input` | any |
/// | output | `[input[axes[0]], input[axes[1]], …]` |
///
/// - Throws: ``ShapeError`` if `axes` are not all the input's axes, each once.
/// - Complexity: one copy.
public func permute(_ input: Tensor, _ axes: [Int]) throws -> Tensor {
  let order = try input.shape.axes(axes, site: "permute")
  guard order.count == input.shape.rank else {
    throw ShapeError("permute", expected: "all \(input.shape.rank) axes of \(input.shape)", got: "\(axes)")
  }
  return try permuted(input, order).recorded(from: input) { Permute(order: order) }
}

/// The last two axes exchanged.
///
/// - Throws: ``ShapeError`` if there are fewer than two.
public func transpose(_ input: Tensor) throws -> Tensor {
  let rank = input.shape.rank
  guard rank >= 2 else { throw ShapeError("transpose", expected: "[…, rows, columns]", got: input.shape) }
  return try permute(input, Array(0..<rank - 2) + [rank - 1, rank - 2])
}

/// In the forward run an element goes to another place; therefore its error term comes back from there, by the inverse
/// permutation.
private struct Permute: DifferentiableOperation {
  let order: [Int]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    let inverse = order.indices.sorted { order[$0] < order[$1] }
    try inputs.add(permuted(error, inverse), to: 0)
  }
}

private func permuted(_ input: Tensor, _ order: [Int]) throws -> Tensor {
  let sizes = order.map { input.shape[$0] }
  guard let shape = Shape(exactly: sizes) else {
    throw ShapeError("permute", expected: "a result that fits into memory", got: "\(sizes)")
  }
  guard order != Array(order.indices), shape.count > 0 else { return try input.reshaped(to: shape) }
  let strides = order.map { axis in input.shape.array[(axis + 1)...].reduce(1, *) }
  let (length, step) = (sizes[sizes.count - 1], strides[strides.count - 1])
  return Tensor(shape: shape) { result in
    input.withUnsafeElements { elements in
      var indices = Array(repeating: 0, count: sizes.count - 1)
      var place = 0
      for start in stride(from: 0, to: shape.count, by: length) {
        for k in 0..<length { result[start &+ k] = elements[place &+ k &* step] }
        for axis in indices.indices.reversed() {
          indices[axis] += 1
          place += strides[axis]
          if indices[axis] < sizes[axis] { break }
          indices[axis] = 0
          place -= sizes[axis] * strides[axis]
        }
      }
    }
  }
}
