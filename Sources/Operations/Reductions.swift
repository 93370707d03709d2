import LinearAlgebra
import Tensors

/// The sum along some axes, or of all elements.
///
/// | value | shape |
/// |---|---|
/// | `input` | any |
/// | output | `input`'s without the axes, or with size 1 there |
///
/// - Parameters:
///   - axes: negative ones count from the end; all if `nil`.
///   - keepingAxes: whether they stay, with size 1, so that the result can be broadcast back.
/// - Throws: ``ShapeError`` if an axis is out of range or named twice.
public func sum(_ input: Tensor, along axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
  let axes = try input.shape.axes(axes, site: "sum")
  let kept = try axes.reduce(input.shape) { try $0.replacing($1, with: 1, site: "sum") }
  let output = keepingAxes ? kept : input.shape.removing(axes)
  return try input.summed(to: kept, site: "sum").reshaped(to: output).recorded(from: input) {
    SumAlongAxes(shape: input.shape, kept: kept)
  }
}

/// In the forward run each element is added to one sum; therefore its error term is that sum's.
private struct SumAlongAxes: DifferentiableOperation {
  let shape: Shape
  let kept: Shape

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    try inputs.add(error.reshaped(to: kept).repeated(to: shape, site: "sum"), to: 0)
  }
}

/// The mean along some axes, or of all elements; see ``sum(_:along:keepingAxes:)``.
///
/// - Throws: ``ShapeError`` also if there is nothing to take the mean of.
public func mean(_ input: Tensor, along axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
  let count = try input.shape.axes(axes, site: "mean").reduce(1) { $0 &* input.shape[$1] }
  guard input.count > 0 else { throw ShapeError("mean", expected: "at least one element", got: input.shape) }
  return try sum(input, along: axes, keepingAxes: keepingAxes) / Float(count)
}

/// The elements repeated along axes of size 1, and along new ones in front, to fill a larger shape.
///
/// - Throws: ``ShapeError`` if the shape cannot be filled.
public func broadcast(_ input: Tensor, to shape: Shape) throws -> Tensor {
  try input.repeated(to: shape, site: "broadcast").recorded(from: input) {
    BroadcastToShape(shape: input.shape)
  }
}

/// In the forward run an element is repeated; therefore its error term is the sum of its copies'.
private struct BroadcastToShape: DifferentiableOperation {
  let shape: Shape

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    try inputs.add(error.summed(to: shape, site: "broadcast"), to: 0)
  }
}

extension Shape {
  /// The axes named, each from 0..<rank, in their order.
  ///
  /// - Throws: ``ShapeError`` if one is out of range or named twice.
  func axes(_ axes: [Int]?, site: String) throws -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let positive = try axes.map { try self.axis($0, site: site) }
    guard Set(positive).count == axes.count else {
      throw ShapeError(site, expected: "each axis once", got: "\(axes)")
    }
    return positive
  }

  /// The axis, a negative one counted from the end, as one from 0..<rank.
  func axis(_ axis: Int, site: String) throws -> Int {
    guard axis >= -rank, axis < rank else {
      throw ShapeError(site, expected: "an axis of \(self)", got: axis)
    }
    return axis < 0 ? axis + rank : axis
  }

  /// This shape without some of its axes.
  func removing(_ axes: [Int]) -> Shape {
    Shape((0..<rank).filter { !axes.contains($0) }.map { self[$0] })
  }

  /// This shape with another size along an axis.
  ///
  /// - Throws: ``ShapeError`` if that would have too many elements.
  func replacing(_ axis: Int, with size: Int, site: String) throws -> Shape {
    var sizes = array
    sizes[axis] = size
    guard let shape = Shape(exactly: sizes) else {
      throw ShapeError(site, expected: "a result that fits into memory", got: "\(sizes)")
    }
    return shape
  }

  /// The number of elements before, along and after an axis: a shape of three axes with the same elements. The numbers are
  /// of no meaning if there is no element.
  func around(_ axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (array[..<axis].reduce(1, &*), self[axis], array[(axis + 1)...].reduce(1, &*))
  }
}
