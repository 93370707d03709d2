import Tensors

/// The last step of each sequence.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, steps, features]` |
/// | output | `[batch, features]` |
///
/// - Parameter lengths: the number of steps of each example, whose last is taken; all of them if `nil`.
/// - Throws: ``ShapeError`` if the input has another shape or no step, or a length is not from 1 to `steps`.
public func lastStep(_ input: Tensor, lengths: [Int]? = nil) throws -> Tensor {
  guard input.shape.rank == 3, input.shape[1] > 0 else {
    throw ShapeError(
      "lastStep", expected: "[batch, steps, features] with at least one step", got: input.shape)
  }
  let (batch, steps, features) = (input.shape[0], input.shape[1], input.shape[2])
  if let lengths, lengths.count != batch || !lengths.allSatisfy((1...steps).contains) {
    throw ShapeError(
      "lastStep", expected: "\(batch) lengths from 1 to \(steps)", got: "\(lengths.prefix(16))")
  }
  let rows = (0..<batch).map { $0 * steps + (lengths?[$0] ?? steps) - 1 }
  let output = Tensor(shape: [batch, features]) { output in
    input.withUnsafePointer { input in
      guard let output = output.baseAddress else { return }
      for (example, row) in rows.enumerated() {
        (output + example * features).initialize(from: input + row * features, count: features)
      }
    }
  }
  return try output.recorded(from: input) { LastStep(rows: rows, shape: input.shape) }
}

/// In the forward run the output was one row of each sequence; therefore its error term is that row's, and no other row has
/// any.
private struct LastStep: DifferentiableOperation {
  let rows: [Int]
  let shape: Shape

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    let features = shape[-1]
    error.withUnsafePointer { error in
      terms.accumulate(to: 0, shape: shape) { term, beta in
        if beta == 0 { term.initialize(repeating: 0) }
        guard let term = term.baseAddress else { return }
        for (example, row) in rows.enumerated() {
          (term + row * features).add(error + example * features, count: features)
        }
      }
    }
  }
}
