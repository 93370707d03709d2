import Tensors

/// Some neurons of a layer without activation: input · weight[neurons]ᵀ + bias[neurons].
///
/// | value | shape |
/// |---|---|
/// | `input` | `[…, inputs]` |
/// | `weight` | `[outputs, inputs]` |
/// | `bias` | `[outputs]` |
/// | output | `input`'s, the last axis replaced by `neurons.count` |
///
/// For weights that hold several layers one below the other, as attention's three projections are kept.
///
/// - Throws: ``ShapeError`` if the shapes do not fit, or `neurons` are not among the outputs.
/// - Complexity: one matrix product forward, 2 · batch · inputs · neurons flops; two of that size backward.
public func linear(
  _ input: Tensor, weight: Tensor, bias: Tensor?, neurons: Range<Int>
) throws -> Tensor {
  guard weight.shape.rank == 2, 0 <= neurons.lowerBound, neurons.upperBound <= weight.shape[0] else {
    throw ShapeError(
      "linear", expected: "a weight [outputs, inputs] with neurons \(neurons)", got: weight.shape)
  }
  let (outputs, inputs) = (weight.shape[0], weight.shape[1])
  guard input.shape.rank > 0, input.shape[-1] == inputs else {
    throw ShapeError("linear", expected: "[batch, \(inputs)] for a weight \(weight.shape)", got: input.shape)
  }
  guard bias.map({ $0.shape == [outputs] }) ?? true else {
    throw ShapeError("linear", expected: "a bias [\(outputs)]", got: bias.map { "\($0.shape)" } ?? "none")
  }
  guard let shape = input.shape.replacingLast(exactly: neurons.count) else {
    throw ShapeError("linear", expected: "fewer outputs", got: "\(neurons.count) for \(input.shape)")
  }
  let batch = input.shape.rowCount
  let output = Tensor(shape: shape) { y in
    input.withMatrix(rows: batch, columns: inputs) { x in
      weight.withRows(neurons) { w in x.multiply(w.transposed, into: y) }
    }
    bias?.withUnsafePointer {
      finish(y, rows: batch, columns: neurons.count, bias: $0 + neurons.lowerBound)
    }
  }
  return try output.recorded(from: input, weight, bias) {
    LinearOfNeurons(input: input.detached, weight: weight.detached, neurons: neurons, batch: batch)
  }
}

/// In the forward run h = ωx + w₀ with the rows of ω and w₀ that belong to the neurons; therefore, with the error term e of
/// h,
///
/// - the gradient of those rows of ω is e · xᵀ, summed over the batch: error term times the previous layer's result, the
///   gradient in this layer being 1; that of all other rows is zero;
/// - the gradient of those elements of w₀ is e, summed over the batch;
/// - the error term of x is ωᵀ · e.
private struct LinearOfNeurons: DifferentiableOperation {
  let input: Tensor
  let weight: Tensor
  let neurons: Range<Int>
  let batch: Int

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    let inputs = weight.shape[1]
    error.withMatrix(rows: batch, columns: neurons.count) { error in
      terms.accumulate(to: 0, shape: input.shape) { term, beta in
        weight.withRows(neurons) { w in error.multiply(w, into: term, beta: beta) }
      }
      terms.accumulate(to: 1, shape: weight.shape) { gradient, beta in
        if beta == 0 { gradient.initialize(repeating: 0) }
        let rows = UnsafeMutableBufferPointer(
          rebasing: gradient[neurons.lowerBound * inputs..<neurons.upperBound * inputs])
        input.withMatrix(rows: batch, columns: inputs) { x in
          error.transposed.multiply(x, into: rows, beta: 1)
        }
      }
      terms.accumulate(to: 2, shape: [weight.shape[0]]) { gradient, beta in
        if beta == 0 { gradient.initialize(repeating: 0) }
        guard let gradient = gradient.baseAddress.map({ $0 + neurons.lowerBound }) else { return }
        error.addRows(to: gradient)
      }
    }
  }
}

extension Tensor {
  /// Calls `body` with some rows of this matrix.
  fileprivate func withRows<Result>(_ rows: Range<Int>, _ body: (MatrixView) throws -> Result) rethrows
    -> Result
  {
    try withUnsafePointer {
      try body(MatrixView($0 + rows.lowerBound * shape[1], rows: rows.count, columns: shape[1]))
    }
  }
}
