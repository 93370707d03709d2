import LinearAlgebra
import Tensors

// The products of a recurrent operation, and the biases they begin with.

/// input · weightᵀ + Σ biases for the inputs `[steps, batch, inputs]` of a sequence. A backend that packs weighs some steps at a
/// time: so many as stay in the second-level cache until the weighed states are added to them.
struct WeighedInputs {
  private let inputs: Tensor
  private let weight: StepWeight
  private let bias: Tensor?
  private let steps, batch, together: Int

  init(_ inputs: Tensor, by weight: Tensor, biases: [Tensor?]) {
    let width = weight.shape[0]
    (steps, batch) = (inputs.shape[0], inputs.shape[1])
    let isPacked = BLAS.backend.single is any PackingRoutines<Float>
    together = isPacked ? max(1, min(steps, (1 << 16) / max(1, batch * width))) : steps
    self.weight = StepWeight(
      weight, .transposed, rows: batch * together, steps: (steps + together - 1) / together)
    let biases = biases.compactMap(\.self)
    bias = biases.isEmpty ? nil : sum(of: biases, width: width)
    self.inputs = inputs
  }

  /// Whether the backend has packed the weight.
  var isPacked: Bool { weight.isPacked }

  /// Sees to it that the inputs of some examples are weighed at a step: those of a part of the batch one step at a time, those
  /// of all with those of the following steps.
  ///
  /// - Parameter sums: `[steps, batch, width]`.
  func weigh(_ step: Int, _ examples: Range<Int>, into sums: UnsafeMutablePointer<Float>) {
    let isWhole = examples.count == batch
    guard !isWhole || step % together == 0 else { return }
    let (first, rows) = (
      step * batch + examples.lowerBound, isWhole ? min(together, steps - step) * batch : examples.count
    )
    let sums = sums + first * weight.width
    let beta = fill(sums, rows: rows, width: weight.width, with: bias)
    inputs.withUnsafePointer {
      weight.multiply($0 + first * weight.depth, rows: rows, into: sums, beta: beta)
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
      guard let sums = sums.baseAddress else { return }
      let beta = fill(sums, rows: rows, width: weight.width, with: bias)
      weight.multiply(states, rows: rows, into: sums, beta: beta)
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

/// Fills rows with a bias, if there is one.
///
/// - Returns: β for a product to be added to them; 0 if nothing was written.
private func fill(_ sums: UnsafeMutablePointer<Float>, rows: Int, width: Int, with bias: Tensor?) -> Float {
  guard let bias else { return 0 }
  bias.withUnsafePointer { bias in
    for row in 0..<rows { (sums + row * width).initialize(from: bias, count: width) }
  }
  return 1
}

/// The sum of vectors.
private func sum(of vectors: [Tensor], width: Int) -> Tensor {
  Tensor(shape: [width]) { sum in
    guard let sum = sum.baseAddress else { return }
    sum.initialize(repeating: 0, count: width)
    for vector in vectors { vector.withUnsafePointer { sum.add($0, count: width) } }
  }
}

/// The sum of all rows.
func columnSums(of tensor: Tensor, columns: Int) -> Tensor {
  Tensor(shape: [columns]) { sums in
    guard let sums = sums.baseAddress else { return }
    sums.initialize(repeating: 0, count: columns)
    tensor.withMatrix(rows: tensor.count / columns, columns: columns) { $0.addRows(to: sums) }
  }
}
