import LinearAlgebra
import Tensors

/// A cell run over a batch of sequences, all steps in one operation.
///
/// The recorded output has one block `[batch, hidden]` for the initial state, one for the state after each step and, where
/// memory is carried, one for the last of it; ``StateSequence`` takes out what is wanted. Each step weighs the states before it
/// in one gemm; for the inputs see ``WeighedInputs``, for the threads ``forEachPart(ofBatch:if:_:)`` and ``NeuronRange``.
func recurrentSequence<Cell: RecurrentCell>(
  _ site: String, _ cell: Cell, _ input: Tensor, weights: RecurrentWeights, state: Tensor?,
  memory initialMemory: Tensor? = nil, lengths: [Int]?, isReversed: Bool
) throws -> StateSequence {
  let geometry = try SequenceGeometry(
    site, gates: Cell.gates, input: input.shape, weights: weights, states: [state, initialMemory],
    lengths: lengths, isReversed: isReversed)
  let (batch, steps, hidden) = (geometry.batch, geometry.steps, geometry.hidden)
  let isCarried = Cell.memory == .carried
  let x = try geometry.byStep(input)
  let weighedInputs = WeighedInputs(
    x, by: weights.input,
    biases: Cell.addsProducts ? [weights.inputBias, weights.recurrentBias] : [weights.inputBias])
  var gates = Tensor(shape: [steps, batch, Cell.gates * hidden]) { _ in }
  var memory = Tensor(shape: Cell.memory == .none ? [0] : [steps + 1, batch, hidden]) { _ in }
  var states = Tensor(shape: [steps + (isCarried ? 2 : 1), batch, hidden]) { _ in }

  withUnsafeMutablePointers(&gates, &memory, &states) { gates, memory, states in
    let (block, width) = (batch * hidden, Cell.gates * hidden)
    states.initialize(from: state, count: block)
    if isCarried { memory.initialize(from: initialMemory, count: block) }
    let weight = StepWeight(weights.recurrent, .transposed, rows: batch, times: steps)
    let all = NeuronRange(hidden: hidden, gates: Cell.gates)
    let areWeighedByStep = weight.isPacked && !weighedInputs.areWeighedTogether
    if !areWeighedByStep { weighedInputs.weighAll(into: gates, for: all) }
    forEachPart(ofBatch: batch, if: weight.isPacked) { examples in
      all.forEachStep(geometry.order, areShared: !weight.isPacked) { step, neurons in
        if areWeighedByStep { weighedInputs.weigh(step, examples, into: gates) }
        let first = step * batch + examples.lowerBound
        let (neuron, count) = (neurons.range.lowerBound, neurons.range.count)
        weigh(
          states + first * hidden, rows: examples.count, by: weight, bias: weights.recurrentBias, of: neurons,
          addingTo: Cell.addsProducts ? gates + first * width : nil
        ) { recurrent in
          forEachExample(examples, width) { example in
            let row = step * batch + example
            let (old, new) = (row * hidden + neuron, row * hidden + block + neuron)
            let memories = Cell.memory == .none ? (0, 0) : (old, new)
            guard geometry.hasStep(step, of: example) else {
              (states + new).update(from: states + old, count: count)
              if isCarried { (memory + new).update(from: memory + old, count: count) }
              return
            }
            weighedInputs.addBias(to: gates + row * width, of: neurons)
            cell.forward(
              CellStep(
                count: count, hidden: hidden, gates: gates + (row * width + neuron),
                recurrent: recurrent + ((example - examples.lowerBound) * width + neuron),
                previousState: states + old, state: states + new,
                previousMemory: memory + memories.0, memory: memory + memories.1))
          }
        }
      }
    }
    if isCarried { (states + (steps + 1) * block).update(from: memory + steps * block, count: block) }
  }
  let recorded = try states.recorded(
    from: input, weights.input, weights.recurrent, weights.inputBias, weights.recurrentBias, state,
    initialMemory
  ) {
    RecurrentSequence(
      cell: cell, geometry: geometry, inputWeight: weights.input.detached,
      recurrentWeight: weights.recurrent.detached, x: x, gates: Cell.keepsGates ? gates : .zeros([0]),
      memory: memory, states: states)
  }
  return StateSequence(states: recorded, geometry: geometry, hasCell: isCarried)
}

/// In the forward run z_t = ωx_t + uh_{t−1} + biases, and the cell made h_t of z_t, and of h_{t−1} or its memory directly.
/// Therefore, from the last step to the first, with e_t the error term of h_t, that of the next layer plus that of the next
/// step,
///
/// - the error term of z_t is δ_t = e_t times the gradient in the cell;
/// - the error term of h_{t−1} gets uᵀ · δ_t, and what the cell passes on directly;
///
/// and over all steps and examples at once
///
/// - the gradient of ω is Σ δ_t · x_tᵀ, δ times the previous layer's result, and that of u is Σ δ_t · h_{t−1}ᵀ;
/// - the gradient of a bias is Σ δ_t;
/// - the error term of x_t is ωᵀ · δ_t.
///
/// The error terms of the states are added up in the memory in which they arrive, block k for state k.
private struct RecurrentSequence<Cell: RecurrentCell>: DifferentiableOperation {
  let cell: Cell
  let geometry: SequenceGeometry
  let inputWeight: Tensor
  let recurrentWeight: Tensor
  let x: Tensor
  let gates: Tensor
  let memory: Tensor
  let states: Tensor

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    let (steps, hidden, rows) = (geometry.steps, geometry.hidden, geometry.rows)
    let width = Cell.gates * hidden
    var deltas = Tensor(shape: [rows, width]) { _ in }
    var recurrentDeltas = Tensor(shape: Cell.addsProducts ? [0] : [rows, width]) { _ in }
    withUnsafeMutablePointers(&deltas, &recurrentDeltas, &error) { deltas, recurrentDeltas, error in
      goBack(
        error, deltas: deltas, recurrentDeltas: Cell.addsProducts ? deltas : recurrentDeltas,
        toInitialState: terms.wants(5))
    }
    if Cell.addsProducts { recurrentDeltas = deltas }

    if terms.wants(0) {
      let term = product(of: deltas, rows: rows, with: inputWeight)
      terms.accumulate(to: 0, shape: geometry.input) { geometry.fromSteps(term, to: $0, beta: $1) }
    }
    deltas.withMatrix(rows: rows, columns: width) { delta in
      terms.accumulate(to: 1, shape: inputWeight.shape) { gradient, beta in
        x.withMatrix(rows: rows, columns: geometry.inputs) {
          delta.transposed.multiply($0, into: gradient, beta: beta)
        }
      }
    }
    recurrentDeltas.withMatrix(rows: rows, columns: width) { delta in
      terms.accumulate(to: 2, shape: recurrentWeight.shape) { gradient, beta in
        states.withMatrix(rows: rows, columns: hidden) {
          delta.transposed.multiply($0, into: gradient, beta: beta)
        }
      }
    }
    if terms.wants(3) || terms.wants(4) {
      let sums = columnSums(of: recurrentDeltas, columns: width)
      if terms.wants(3) {
        terms.add(Cell.addsProducts ? sums : columnSums(of: deltas, columns: width), to: 3)
      }
      if terms.wants(4) { terms.add(sums, to: 4) }
    }
    if terms.wants(5) { terms.add(block(0, of: error), to: 5) }
    if Cell.memory == .carried, terms.wants(6) { terms.add(block(steps + 1, of: error), to: 6) }
  }

  /// The steps from the last to the first.
  private func goBack(
    _ error: UnsafeMutablePointer<Float>, deltas: UnsafeMutablePointer<Float>,
    recurrentDeltas: UnsafeMutablePointer<Float>, toInitialState: Bool
  ) {
    // Copies, since to read a member of a generic value takes its type's metadata, each time.
    let (cell, geometry) = (cell, geometry)
    let (batch, steps, hidden) = (geometry.batch, geometry.steps, geometry.hidden)
    let (block, width) = (batch * hidden, Cell.gates * hidden)
    let (memoryKind, keepsGates) = (Cell.memory, Cell.keepsGates)
    let weight = StepWeight(recurrentWeight, .none, rows: batch, times: steps)
    withUnsafePointers(gates, memory, states) { gates, memory, states in
      forEachPart(ofBatch: batch, if: weight.isPacked) { examples in
        for step in geometry.order.reversed() {
          forEachExample(examples, width) { example in
            let row = step * batch + example
            let (old, new) = (row * hidden, row * hidden + block)
            guard geometry.hasStep(step, of: example) else {
              (deltas + row * width).update(repeating: 0, count: width)
              (recurrentDeltas + row * width).update(repeating: 0, count: width)
              (error + old).add(error + new, count: hidden)
              return
            }
            let memories = memoryKind == .none ? (0, 0) : (old, new)
            let memoryError = memoryKind == .carried ? (steps + 1) * block + example * hidden : 0
            cell.backward(
              CellStepBack(
                hidden: hidden, gates: gates + (keepsGates ? row * width : 0),
                previousState: states + old,
                state: states + new,
                previousMemory: memory + memories.0, memory: memory + memories.1,
                error: error + new, previousError: error + old, memoryError: error + memoryError,
                deltas: deltas + row * width, recurrentDeltas: recurrentDeltas + row * width))
          }
          guard step > 0 || toInitialState else { continue }
          let first = step * batch + examples.lowerBound
          // The step before: its gates, and where its error terms go.
          let before = max(0, first - batch) * width
          let bytes = step > 0 ? examples.count * width * MemoryLayout<Float>.stride : 0
          weight.multiply(
            recurrentDeltas + first * width, rows: examples.count, into: error + first * hidden, beta: 1,
            next: [
              UnsafeRawBufferPointer(start: keepsGates ? gates + before : nil, count: keepsGates ? bytes : 0),
              UnsafeRawBufferPointer(start: deltas + before, count: bytes),
            ])
        }
      }
    }
  }

  private func block(_ index: Int, of error: borrowing Tensor) -> Tensor {
    let count = geometry.batch * geometry.hidden
    return error.withUnsafePointer { error in
      Tensor(shape: [geometry.batch, geometry.hidden]) {
        $0.baseAddress?.initialize(from: error + index * count, count: count)
      }
    }
  }
}
