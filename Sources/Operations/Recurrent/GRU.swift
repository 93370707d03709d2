import LinearAlgebra
import Tensors

/// A layer of gated recurrent units over whole sequences.
///
///     r_t, z_t = σ(W_i · x_t + b_i + W_h · h_{t−1} + b_h)           each with its own block of the weights
///     n_t      = tanh(W_in · x_t + b_in + r_t ∘ (W_hn · h_{t−1} + b_hn))
///     h_t      = (1 − z_t) ∘ n_t + z_t ∘ h_{t−1}
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, steps, inputs]`, or `[batch, inputs]` for one step |
/// | `weights` | three blocks of `hidden` rows, for r, z, n |
/// | `hidden`, h₀; zeros if `nil` | `[batch, hidden]` |
/// | output | `[batch, steps, hidden]` |
///
/// - Parameters:
///   - lengths: the number of steps of each example. Past them an example's state stays as it is, its outputs are zero, and
///     its inputs have no influence.
///   - isReversed: whether each example is run from its last step to its first.
/// - Throws: ``ShapeError`` if the shapes do not fit, or a length is not from 1 to `steps`.
/// - Complexity: 6 · batch · steps · hidden · (inputs + hidden) flops in products forward, twice as many backward.
///
/// Source: Cho et al., "Learning phrase representations using RNN encoder–decoder", EMNLP 2014, equations 5 to 8, with r
/// applied after the product with W_hn, as PyTorch has it: one product for the three gates.
public func gru(
  _ input: Tensor, weights: RecurrentWeights, hidden: Tensor? = nil, lengths: [Int]? = nil,
  isReversed: Bool = false
) throws -> StateSequence {
  try recurrentSequence(
    "gru", GRUCell(), input, weights: weights, state: hidden, lengths: lengths, isReversed: isReversed)
}

private struct GRUCell: RecurrentCell {
  static let gates = 3
  static let addsProducts = false
  static let keepsGates = true
  /// q = W_hn · h + b_hn.
  static let memory = CellMemory.kept

  func forward(_ step: CellStep) {
    let (r, n) = (step.gates, step.hidden)
    let (z, candidate) = (r + n, r + 2 * n)
    Lanes.forEach(step.count) { lanes in
      lanes.store(lanes(r) + lanes(step.recurrent), to: r)
      lanes.store(lanes(z) + lanes(step.recurrent + n), to: z)
    }
    Elementary.sigmoid(step.gate(0))
    Elementary.sigmoid(step.gate(1))
    Lanes.forEach(step.count) { lanes in
      let q = lanes(step.recurrent + 2 * n)
      lanes.store(q, to: step.memory)
      lanes.store(lanes(candidate) + lanes(r) * q, to: candidate)
    }
    Elementary.tanh(step.gate(2))
    Lanes.forEach(step.count) { lanes in
      let z = lanes(z)
      lanes.store((1 - z) * lanes(candidate) + z * lanes(step.previousState), to: step.state)
    }
  }

  /// In the forward run h = (1 − z) ∘ n + z ∘ h′, h′ being the previous state, and n = tanh(a + r ∘ q); therefore, with e the
  /// error term of h,
  ///
  /// - δ_n = e ∘ (1 − z) ∘ (1 − n²), δ_z = e ∘ (h′ − n) ∘ z (1 − z), δ_r = δ_n ∘ q ∘ r (1 − r): error term times gradient
  ///   in this layer;
  /// - the error terms of the weighed state are δ_r, δ_z and, for q, δ_n ∘ r;
  /// - h′ gets e ∘ z directly.
  func backward(_ step: CellStepBack) {
    let (r, n) = (step.gates, step.hidden)
    let (z, candidate) = (r + n, r + 2 * n)
    Lanes.forEach(n) { lanes in
      let (r, z, candidate) = (lanes(r), lanes(z), lanes(candidate))
      let error = lanes(step.error)
      let deltaN = error * (1 - z) * (1 - candidate * candidate)
      let deltaZ = error * (lanes(step.previousState) - candidate) * z * (1 - z)
      let deltaR = deltaN * lanes(step.memory) * r * (1 - r)
      lanes.store(deltaR, to: step.deltas)
      lanes.store(deltaR, to: step.recurrentDeltas)
      lanes.store(deltaZ, to: step.deltas + n)
      lanes.store(deltaZ, to: step.recurrentDeltas + n)
      lanes.store(deltaN, to: step.deltas + 2 * n)
      lanes.store(deltaN * r, to: step.recurrentDeltas + 2 * n)
      lanes.store(lanes(step.previousError) + error * z, to: step.previousError)
    }
  }
}
