import LinearAlgebra
import Tensors

/// A layer of neurons: activation(input · weightᵀ + bias).
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, inputs]`, or `[inputs]`, or more axes before the last |
/// | `weight` | `[outputs, inputs]` |
/// | `bias` | `[outputs]` |
/// | output | `input`'s, the last axis replaced by `outputs` |
///
/// The lecture's h = φ(ωx) with ω = `weight`, for each row x of `input`: one gemm for a batch, one gemv for one example.
///
/// - Throws: ``ShapeError`` if the shapes do not fit.
/// - Complexity: one matrix product forward, 2 · batch · inputs · outputs flops; two of that size backward.
public func linear(
  _ input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation = .identity
) throws -> Tensor {
  guard weight.shape.rank == 2 else {
    throw ShapeError("linear", expected: "a weight [outputs, inputs]", got: weight.shape)
  }
  let (outputs, inputs) = (weight.shape[0], weight.shape[1])
  guard input.shape.rank > 0, input.shape[-1] == inputs else {
    throw ShapeError("linear", expected: "[batch, \(inputs)] for a weight \(weight.shape)", got: input.shape)
  }
  guard bias.map({ $0.shape == [outputs] }) ?? true else {
    throw ShapeError("linear", expected: "a bias [\(outputs)]", got: bias.map { "\($0.shape)" } ?? "none")
  }
  guard let shape = input.shape.replacingLast(exactly: outputs) else {
    throw ShapeError("linear", expected: "fewer outputs", got: "\(outputs) for \(input.shape)")
  }
  let batch = input.shape.rowCount
  let parts = activation.parts
  let sums = Tensor(shape: shape) { y in
    input.withMatrix(rows: batch, columns: inputs) { x in
      weight.withMatrix(rows: outputs, columns: inputs) { w in x.multiply(w.transposed, into: y) }
    }
    withUnsafePointer(of: bias) {
      finish(y, rows: batch, columns: outputs, bias: $0, activation: parts.early)
    }
  }
  let (output, kept) = parts.late.applied(to: consume sums, watching: input, weight, bias)
  return try output.recorded(from: input, weight, bias) {
    Linear(
      input: input.detached, weight: weight.detached, activation: activation, kept: kept, batch: batch)
  }
}

/// Adds a bias to rows of sums and applies an activation, some rows at a time that stay in the nearest cache.
func finish(
  _ sums: UnsafeMutableBufferPointer<Float>, rows: Int, columns: Int, bias: UnsafePointer<Float>?,
  activation: Activation = .identity
) {
  guard bias != nil || activation != .identity, let sums = sums.baseAddress else { return }
  let together = max(1, 2048 / max(1, columns))
  Threads.parallel(overRows: rows, of: columns) { range in
    for first in stride(from: range.lowerBound, to: range.upperBound, by: together) {
      let rows = first..<min(first + together, range.upperBound)
      if let bias {
        for row in rows {
          let sums = sums + row * columns
          for index in 0..<columns { sums[index] += bias[index] }
        }
      }
      activation.apply(
        to: UnsafeMutableBufferPointer(start: sums + first * columns, count: rows.count * columns))
    }
  }
}

/// In the forward run z = ωx + w₀ and h = φ(z) for each example; therefore, with the error term e of h,
///
/// - the error term of z is δ = e ∘ φ′(z): error term times gradient in this layer;
/// - the gradient of ω is δ · xᵀ, summed over the batch: δ times the previous layer's result;
/// - the gradient of w₀ is δ, summed over the batch;
/// - the error term of x, passed on to the previous layer, is ωᵀ · δ.
private struct Linear: DifferentiableOperation {
  let input: Tensor
  let weight: Tensor
  let activation: Activation
  let kept: Tensor
  let batch: Int

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    activation.multiply(&error, byDerivativeAt: kept)
    let delta = consume error
    delta.withMatrix(rows: batch, columns: outputs) { delta in
      terms.accumulate(to: 0, shape: input.shape) { term, beta in
        weight.withMatrix(rows: outputs, columns: inputs) { w in delta.multiply(w, into: term, beta: beta) }
      }
      terms.accumulate(to: 2, shape: [outputs]) { gradient, beta in
        if beta == 0 { gradient.initialize(repeating: 0) }
        if let gradient = gradient.baseAddress { delta.addRows(to: gradient) }
      }
    }
    terms.add(GradientProduct(errors: delta, inputs: input, shape: weight.shape), to: 1)
  }
}
