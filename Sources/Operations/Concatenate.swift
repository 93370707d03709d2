import LinearAlgebra
import Tensors

/// Tensors one after the other along an axis.
///
/// | value | shape |
/// |---|---|
/// | `inputs` | equal but along the axis |
/// | output | theirs, with the sum of their sizes along the axis |
///
/// - Throws: ``ShapeError`` if there is no input or the shapes do not fit.
/// - Complexity: one copy.
public func concatenate(_ inputs: [Tensor], along axis: Int) throws -> Tensor {
  guard let first = inputs.first else {
    throw ShapeError("concatenate", expected: "at least one tensor", got: "none")
  }
  let axis = try first.shape.axis(axis, site: "concatenate")
  var size = 0
  for input in inputs {
    guard input.shape.rank == first.shape.rank,
      (0..<first.shape.rank).allSatisfy({ $0 == axis || input.shape[$0] == first.shape[$0] })
    else {
      throw ShapeError(
        "concatenate", expected: "shapes equal to \(first.shape) but along axis \(axis)", got: input.shape)
    }
    let (sum, overflow) = size.addingReportingOverflow(input.shape[axis])
    guard !overflow else {
      throw ShapeError("concatenate", expected: "a result that fits into memory", got: input.shape)
    }
    size = sum
  }
  let shape = try first.shape.replacing(axis, with: size, site: "concatenate")
  let output = Tensor(shape: shape) { result in
    var start = 0
    for input in inputs {
      input.withUnsafeElements { result.insert($0, input.shape, at: start, along: axis, of: shape) }
      start += input.shape[axis]
    }
  }
  return try output.recorded(from: inputs) { Concatenate(shapes: inputs.map(\.shape), axis: axis) }
}

/// In the forward run each input is copied into its part of the output; therefore its error term is that part.
private struct Concatenate: DifferentiableOperation {
  let shapes: [Shape]
  let axis: Int

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    var start = 0
    for (input, shape) in shapes.enumerated() {
      if inputs.wants(input) { inputs.add(error.extracted(shape, from: start, along: axis), to: input) }
      start += shape[axis]
    }
  }
}

/// The part of a tensor within a range along an axis.
///
/// - Throws: ``ShapeError`` if the range does not lie within the axis.
/// - Complexity: one copy of the part.
public func slice(_ input: Tensor, _ range: Range<Int>, along axis: Int) throws -> Tensor {
  let axis = try input.shape.axis(axis, site: "slice")
  guard range.lowerBound >= 0, range.upperBound <= input.shape[axis] else {
    throw ShapeError("slice", expected: "a range within axis \(axis) of \(input.shape)", got: "\(range)")
  }
  let shape = try input.shape.replacing(axis, with: range.count, site: "slice")
  return try input.extracted(shape, from: range.lowerBound, along: axis).recorded(from: input) {
    Slice(shape: input.shape, start: range.lowerBound, axis: axis)
  }
}

/// The parts of a tensor along an axis, of the given sizes.
///
/// - Throws: ``ShapeError`` if the sizes do not add up to the axis' size.
public func split(_ input: Tensor, into sizes: [Int], along axis: Int) throws -> [Tensor] {
  let axis = try input.shape.axis(axis, site: "split")
  var rest = input.shape[axis]
  for size in sizes where rest >= 0 { rest = size < 0 || size > rest ? -1 : rest - size }
  guard rest == 0 else {
    throw ShapeError(
      "split", expected: "sizes that add up to axis \(axis) of \(input.shape)", got: "\(sizes)")
  }
  var start = 0
  return try sizes.map { size in
    defer { start += size }
    return try slice(input, start..<start + size, along: axis)
  }
}

/// In the forward run a part of the input is copied; therefore the error term of the input is that of the part in its
/// place, and zero elsewhere.
private struct Slice: DifferentiableOperation {
  let shape: Shape
  let start: Int
  let axis: Int

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    inputs.accumulate(to: 0, shape: shape) { term, beta in
      if beta == 0 { term.initialize(repeating: 0) }
      error.withUnsafeElements {
        term.insert($0, error.shape, at: start, along: axis, of: shape, adding: true)
      }
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Writes a part of the shape `part` into these elements of the shape `whole`, or adds it to them.
  fileprivate func insert(
    _ elements: UnsafeBufferPointer<Float>, _ part: Shape, at start: Int, along axis: Int, of whole: Shape,
    adding: Bool = false
  ) {
    guard part.count > 0 else { return }
    let (outer, size, inner) = part.around(axis)
    let (run, row) = (size * inner, whole[axis] * inner)
    Threads.parallel(overRows: outer, of: run) { positions in
      for position in positions {
        let place = position * row + start * inner
        let source = UnsafeBufferPointer(rebasing: elements[position * run..<(position + 1) * run])
        let target = UnsafeMutableBufferPointer(rebasing: self[place..<place + run])
        if adding {
          target.inParts(with: source) { $0.replaceEach(by: $1) { $0 + $1 } }
        } else {
          _ = target.initialize(from: source)
        }
      }
    }
  }
}

extension Tensor {
  /// The part of the shape `part` that starts at a place along an axis; a constant to any tape.
  fileprivate func extracted(_ part: Shape, from start: Int, along axis: Int) -> Tensor {
    Tensor(shape: part) { result in
      guard part.count > 0 else { return }
      let (outer, size, inner) = part.around(axis)
      let (run, row) = (size * inner, shape[axis] * inner)
      withUnsafeElements { elements in
        Threads.parallel(overRows: outer, of: run) { positions in
          for position in positions {
            let place = position * row + start * inner
            _ = UnsafeMutableBufferPointer(rebasing: result[position * run..<(position + 1) * run])
              .initialize(from: UnsafeBufferPointer(rebasing: elements[place..<place + run]))
          }
        }
      }
    }
  }
}
