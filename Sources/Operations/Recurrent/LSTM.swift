import LinearAlgebra
import Tensors

/// A layer of long short-term memory over whole sequences.
///
///     i_t, f_t, o_t = σ(W_i · x_t + b_i + W_h · h_{t−1} + b_h)      each with its own block of the weights
///     g_t           = tanh(the same with g's block)
///     c_t           = f_t ∘ c_{t−1} + i_t ∘ g_t
///     h_t           = o_t ∘ tanh(c_t)
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, steps, inputs]`, or `[batch, inputs]` for one step |
/// | `weights` | four blocks of `hidden` rows, for i, f, g, o |
/// | `hidden`, h₀, and `cell`, c₀; zeros if `nil` | `[batch, hidden]` |
/// | output | `[batch, steps, hidden]` |
///
/// - Parameters:
///   - lengths: the number of steps of each example. Past them an example's states stay as they are, its outputs are zero,
///     and its inputs have no influence.
///   - isReversed: whether each example is run from its last step to its first.
/// - Throws: ``ShapeError`` if the shapes do not fit, or a length is not from 1 to `steps`.
/// - Complexity: 8 · batch · steps · hidden · (inputs + hidden) flops in products forward, twice as many backward.
///
/// Source: Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997; the forget gate f from Gers,
/// Schmidhuber and Cummins, "Learning to forget", Neural Computation 12, 2000. No peepholes.
public func lstm(
  _ input: Tensor, weights: RecurrentWeights, hidden: Tensor? = nil, cell: Tensor? = nil,
  lengths: [Int]? = nil, isReversed: Bool = false
) throws -> StateSequence {
  try recurrentSequence(
    "lstm", LSTMCell(), input, weights: weights, state: hidden, memory: cell, lengths: lengths,
    isReversed: isReversed)
}

private struct LSTMCell: RecurrentCell {
  static let gates = 4
  static let addsProducts = true
  static let keepsGates = true
  static let memory = CellMemory.carried

  func forward(_ step: CellStep) {
    Elementary.sigmoid(step.gate(0))
    Elementary.sigmoid(step.gate(1))
    Elementary.tanh(step.gate(2))
    Elementary.sigmoid(step.gate(3))
    let (i, n) = (step.gates, step.hidden)
    let (f, g, o) = (i + n, i + 2 * n, i + 3 * n)
    Lanes.forEach(step.count) { lanes in
      let c = lanes(f) * lanes(step.previousMemory) + lanes(i) * lanes(g)
      lanes.store(c, to: step.memory)
      lanes.store(c, to: step.state)
    }
    Elementary.tanh(step.stateElements)
    Lanes.forEach(step.count) { lanes in lanes.store(lanes(o) * lanes(step.state), to: step.state) }
  }

  /// In the forward run h = o ∘ tanh c and c = f ∘ c′ + i ∘ g, c′ being the previous cell state; therefore, with e the error
  /// term of h and s that of c, which is what the next step left plus e ∘ o ∘ (1 − tanh² c),
  ///
  /// - δ_o = e ∘ tanh c ∘ o (1 − o), δ_f = s ∘ c′ ∘ f (1 − f), δ_i = s ∘ g ∘ i (1 − i), δ_g = s ∘ i ∘ (1 − g²): error term
  ///   times gradient in this layer;
  /// - the error term of c′ is s ∘ f.
  ///
  /// tanh c is computed again, which costs less than keeping it.
  func backward(_ step: CellStepBack) {
    let (i, n) = (step.gates, step.hidden)
    let (f, g, o) = (i + n, i + 2 * n, i + 3 * n)
    let di = step.deltas
    let (df, dg, dO) = (di + n, di + 2 * n, di + 3 * n)
    dO.update(from: step.memory, count: n)
    Elementary.tanh(UnsafeMutableBufferPointer(start: dO, count: n))
    Lanes.forEach(n) { lanes in
      let (i, f, g, o, tanhC) = (lanes(i), lanes(f), lanes(g), lanes(o), lanes(dO))
      let error = lanes(step.error)
      let s = lanes(step.memoryError) + error * o * (1 - tanhC * tanhC)
      lanes.store(error * tanhC * o * (1 - o), to: dO)
      lanes.store(s * lanes(step.previousMemory) * f * (1 - f), to: df)
      lanes.store(s * g * i * (1 - i), to: di)
      lanes.store(s * i * (1 - g * g), to: dg)
      lanes.store(s * f, to: step.memoryError)
    }
  }
}
