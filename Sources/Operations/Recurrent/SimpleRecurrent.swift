import LinearAlgebra
import Tensors

/// A simple recurrent layer over whole sequences.
///
///     h_t = activation(W_i · x_t + b_i + W_h · h_{t−1} + b_h)
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, steps, inputs]`, or `[batch, inputs]` for one step |
/// | `weights` | one block of `hidden` rows |
/// | `hidden`, h₀; zeros if `nil` | `[batch, hidden]` |
/// | output | `[batch, steps, hidden]` |
///
/// - Parameters:
///   - activation: one whose derivative follows from its output: `tanh`, `relu`, `sigmoid` or `identity`.
///   - lengths: the number of steps of each example. Past them an example's state stays as it is, its outputs are zero, and
///     its inputs have no influence.
///   - isReversed: whether each example is run from its last step to its first.
/// - Throws: ``ShapeError`` if the shapes or the activation do not fit, or a length is not from 1 to `steps`.
/// - Complexity: 2 · batch · steps · hidden · (inputs + hidden) flops in products forward, twice as many backward.
///
/// Source: Elman, "Finding structure in time", Cognitive Science 14, 1990.
public func simpleRecurrent(
  _ input: Tensor, weights: RecurrentWeights, hidden: Tensor? = nil, activation: Activation = .tanh,
  lengths: [Int]? = nil, isReversed: Bool = false
) throws -> StateSequence {
  guard Activation.recurrent.contains(activation) else {
    throw ShapeError("simpleRecurrent", expected: "one of \(Activation.recurrent)", got: "\(activation)")
  }
  return try recurrentSequence(
    "simpleRecurrent", SimpleCell(activation: activation), input, weights: weights, state: hidden,
    lengths: lengths, isReversed: isReversed)
}

extension Activation {
  /// Those that a simple recurrent layer can have.
  package static let recurrent: [Activation] = [.tanh, .relu, .sigmoid, .identity]
}

private struct SimpleCell: RecurrentCell {
  let activation: Activation

  static let gates = 1
  static let addsProducts = true
  static let keepsGates = false
  static let memory = CellMemory.none

  func forward(_ step: CellStep) {
    step.state.update(from: step.gates, count: step.count)
    activation.apply(to: step.stateElements)
  }

  /// In the forward run h = φ(z); therefore δ = e ∘ φ′(z), error term times gradient in this layer.
  func backward(_ step: CellStepBack) {
    step.deltas.update(from: step.error, count: step.hidden)
    activation.multiply(
      UnsafeMutableBufferPointer(start: step.deltas, count: step.hidden),
      byDerivativeAt: UnsafeBufferPointer(start: step.state, count: step.hidden))
  }
}
