import LinearAlgebra
import Tensors

// The products of a recurrent operation, and the biases they begin with.

/// input · weightᵀ + Σ biases for every row of the input `[steps, batch, inputs]`.
func weighed(_ input: Tensor, by weight: Tensor, biases: [Tensor?]) -> Tensor {
  let (steps, batch, inputs, width) = (input.shape[0], input.shape[1], input.shape[2], weight.shape[0])
  return Tensor(shape: [steps, batch, width]) { sums in
    let beta = fillRows(of: width, in: sums, with: biases)
    input.withMatrix(rows: steps * batch, columns: inputs) { x in
      weight.withMatrix(rows: width, columns: inputs) { x.multiply($0.transposed, into: sums, beta: beta) }
    }
  }
}

/// Weighs the states of one step and calls `body` with the sums.
///
/// - Parameter sums: where they are to be added, the biases being there already; `nil` for memory of their own, where the
///   bias begins them.
func weigh(
  _ states: UnsafePointer<Float>, rows: Int, by weight: StepWeight, bias: Tensor?,
  addingTo sums: UnsafeMutablePointer<Float>?, _ body: (UnsafePointer<Float>) -> Void
) {
  if let sums {
    weight.multiply(states, rows: rows, into: sums, beta: 1)
    body(sums)
  } else {
    Tensor(shape: [rows, weight.width]) { sums in
      let beta = fillRows(of: weight.width, in: sums, with: [bias])
      if let start = sums.baseAddress { weight.multiply(states, rows: rows, into: start, beta: beta) }
    }.withUnsafePointer(body)
  }
}

/// The product of error terms, `rows` in number, with a weight.
func product(of deltas: Tensor, rows: Int, with weight: Tensor) -> Tensor {
  let (width, inputs) = (weight.shape[0], weight.shape[1])
  return Tensor(shape: [rows, inputs]) { product in
    deltas.withMatrix(rows: rows, columns: width) { delta in
      weight.withMatrix(rows: width, columns: inputs) { delta.multiply($0, into: product) }
    }
  }
}

/// Fills rows with the sum of the biases that there are.
///
/// - Returns: β for a product to be added to them; 0 if nothing was written.
private func fillRows(
  of width: Int, in rows: UnsafeMutableBufferPointer<Float>, with biases: [Tensor?]
) -> Float {
  let biases = biases.compactMap(\.self)
  guard !biases.isEmpty, !rows.isEmpty, let first = rows.baseAddress else { return 0 }
  first.initialize(repeating: 0, count: width)
  for bias in biases { bias.withUnsafePointer { first.add($0, count: width) } }
  for start in stride(from: width, to: rows.count, by: width) {
    (first + start).initialize(from: first, count: width)
  }
  return 1
}

/// The sum of all rows.
func columnSums(of tensor: Tensor, columns: Int) -> Tensor {
  Tensor(shape: [columns]) { sums in
    guard let sums = sums.baseAddress else { return }
    sums.initialize(repeating: 0, count: columns)
    tensor.withMatrix(rows: tensor.count / columns, columns: columns) { $0.addRows(to: sums) }
  }
}
