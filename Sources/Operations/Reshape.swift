import Tensors

/// The same elements under another shape.
///
/// | value | shape |
/// |---|---|
/// | `input` | any |
/// | output | `shape` |
///
/// - Throws: ``ShapeError`` if the number of elements differs.
/// - Complexity: O(1); memory is shared.
public func reshape(_ input: Tensor, to shape: Shape) throws -> Tensor {
  try input.reshaped(to: shape).recorded(from: input) { Reshape(input: input.shape) }
}

/// All axes from one on as a single one.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, a, b, …]` |
/// | output | `[batch, a · b · …]` |
///
/// - Parameter axis: the first axis of those that become one; 1 keeps the batch apart.
/// - Throws: ``ShapeError`` if there is no such axis.
/// - Complexity: O(1); memory is shared.
public func flatten(_ input: Tensor, from axis: Int = 1) throws -> Tensor {
  guard axis >= 0, axis < input.shape.rank, let last = Shape(exactly: input.shape.array[axis...])?.count,
    let shape = Shape(exactly: input.shape.array[..<axis] + [last])
  else { throw ShapeError("flatten", expected: "an axis \(axis)", got: input.shape) }
  return try reshape(input, to: shape)
}

/// In the forward run each element kept its place in memory; therefore the error terms keep theirs.
private struct Reshape: DifferentiableOperation {
  let input: Shape

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) throws {
    terms.add(try error.reshaped(to: input), to: 0)
  }
}
