import LinearAlgebra
import Testing

/// Expects each number to be as close to its expected one as rounding allows.
///
///     |actual[i] − expected[i]| ≤ tolerance · max |expected|
///
/// The tolerance is relative to the largest element, since sums of large terms that cancel have errors of the
/// terms' size. A NaN matches only a NaN, an infinity only itself; both stay out of the maximum.
/// Choose the tolerance by the precision and the length of the sums, as a multiple of `ulpOfOne`; the comment is
/// printed before the difference.
///
/// - Returns: Whether they are close.
@discardableResult
public func expectClose<Scalar: BinaryFloatingPoint>(
  _ actual: [Scalar], _ expected: [Scalar], tolerance: Double, _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  guard let difference = difference(actual, expected, tolerance: tolerance) else { return true }
  let lines = [comment(), difference].filter { !$0.isEmpty }
  Issue.record(Comment(rawValue: lines.joined(separator: ": ")), sourceLocation: sourceLocation)
  return false
}

/// Expects two matrices to have one shape and close elements; see the function for arrays.
@discardableResult
public func expectClose<Scalar: BLASScalar>(
  _ actual: Matrix<Scalar>, _ expected: Matrix<Scalar>, tolerance: Double,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  guard (actual.rows, actual.columns) == (expected.rows, expected.columns) else {
    let shapes = "[\(actual.rows), \(actual.columns)], expected [\(expected.rows), \(expected.columns)]"
    Issue.record("\(comment()) a matrix of shape \(shapes)", sourceLocation: sourceLocation)
    return false
  }
  return expectClose(
    actual.elements, expected.elements, tolerance: tolerance, comment(), sourceLocation: sourceLocation)
}

/// How `actual` is not close to `expected`, in one line, or `nil`.
///
///     2 of 3 elements differ; the worst, [1]: 2.5, expected 2.0: off by 0.5, allowed 1e-06 × 4.0
public func difference<Scalar: BinaryFloatingPoint>(
  _ actual: [Scalar], _ expected: [Scalar], tolerance: Double
) -> String? {
  guard actual.count == expected.count else {
    return "\(actual.count) elements, expected \(expected.count)"
  }
  let finite = expected.lazy.filter { $0.isFinite }
  let scale = finite.reduce(0) { max($0, Double($1.magnitude)) }
  var worst: (index: Int, error: Double)?
  var count = 0
  for index in actual.indices {
    let (x, y) = (Double(actual[index]), Double(expected[index]))
    if x == y || (x.isNaN && y.isNaN) { continue }
    let error = x.isFinite && y.isFinite ? abs(x - y) : .infinity
    if error <= tolerance * scale { continue }
    count += 1
    if error > worst?.error ?? -1 { worst = (index, error) }
  }
  return worst.map { index, error in
    "\(count) of \(actual.count) elements differ; the worst, [\(index)]: \(actual[index]), "
      + "expected \(expected[index]): off by \(error), allowed \(tolerance) × \(scale)"
  }
}
