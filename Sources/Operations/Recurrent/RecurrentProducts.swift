import LinearAlgebra
import Tensors

// The products of a recurrent operation, and the biases they begin with.

/// input · weightᵀ for the inputs `[steps, batch, inputs]` of a sequence, and the biases that are added to it: by a weight that the backend has packed some
/// steps at a time, so many as stay in a second-level cache of 512 KiB until the weighed states are added to them; by another
/// all at once.
struct WeighedInputs {
  private let inputs: Tensor
  private let weight: StepWeight
  private let bias: Tensor?
  private let steps, batch, together: Int

  /// Whether the inputs are best weighed all at once.
  var areWeighedTogether: Bool { !weight.isPacked }

  init(_ inputs: Tensor, by weight: Tensor, biases: [Tensor?]) {
    let width = weight.shape[0]
    (steps, batch) = (inputs.shape[0], inputs.shape[1])
    // 16 rows at least, for which a weight is worth reading.
    let most = max(16 / max(1, batch), (1 << 16) / max(1, batch * width), 1)
    self.weight = StepWeight(
      weight, .transposed, rows: batch * min(steps, most), times: (steps + most - 1) / most)
    together = self.weight.isPacked ? most : steps
    let biases = biases.compactMap(\.self)
    bias = biases.isEmpty ? nil : sum(of: biases, width: width)
    self.inputs = inputs
  }

  /// Weighs the inputs of all steps.
  ///
  /// - Parameters:
  ///   - sums: `[steps, batch, width]`, here and in ``weigh(_:_:into:)``.
  ///   - neurons: All of them; threads share them as they do in the steps.
  func weighAll(into sums: UnsafeMutablePointer<Float>, for neurons: NeuronRange) {
    neurons.forEachStep(0..<1, areShared: !weight.isPacked) { _, neurons in
      weigh(rows: 0..<steps * batch, into: sums, of: neurons)
    }
  }

  /// Sees to it that the inputs of some examples are weighed at a step, in the order of the steps: those of a part of the batch
  /// one step at a time, those of all with those of the following steps.
  func weigh(_ step: Int, _ examples: Range<Int>, into sums: UnsafeMutablePointer<Float>) {
    let first = step * batch
    if examples.count < batch {
      weigh(rows: first + examples.lowerBound..<first + examples.upperBound, into: sums)
    } else if step % together == 0 {
      weigh(rows: first..<min(steps, step + together) * batch, into: sums)
    }
  }

  private func weigh(
    rows: Range<Int>, into sums: UnsafeMutablePointer<Float>, of neurons: NeuronRange? = nil
  ) {
    let (first, rows) = (rows.lowerBound, rows.count)
    inputs.withUnsafePointer {
      weight.multiply(
        $0 + first * weight.depth, rows: rows, into: sums + first * weight.width, beta: 0, of: neurons)
    }
  }

  /// Adds the biases to the sums of one example at one step, which are in the cache when its gates are computed.
  func addBias(to sums: UnsafeMutablePointer<Float>, of neurons: NeuronRange) {
    bias?.withUnsafePointer { bias in
      neurons.forEachBlock { (sums + $0.lowerBound).add(bias + $0.lowerBound, count: $0.count) }
    }
  }
}

/// Weighs the states of one step and calls `body` with the sums.
///
/// - Parameters:
///   - neurons: Those whose sums are wanted; all, where the weight is packed.
///   - sums: where they are to be added, whatever biases there are; `nil` for memory of their own, where the bias begins
///     them.
func weigh(
  _ states: UnsafePointer<Float>, rows: Int, by weight: StepWeight, bias: Tensor?, of neurons: NeuronRange,
  addingTo sums: UnsafeMutablePointer<Float>?, _ body: (UnsafePointer<Float>) -> Void
) {
  if let sums {
    weight.multiply(states, rows: rows, into: sums, beta: 1, of: neurons)
    body(sums)
  } else {
    Tensor(shape: [rows, weight.width]) { sums in
      guard let sums = sums.baseAddress else { return }
      let beta = fill(sums, rows: rows, width: weight.width, with: bias)
      weight.multiply(states, rows: rows, into: sums, beta: beta, of: neurons)
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
