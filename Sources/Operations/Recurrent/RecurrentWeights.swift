import Tensors

/// The parameters of one recurrent layer in one direction, as PyTorch stores them.
///
/// | value | shape |
/// |---|---|
/// | `input`, the lecture's ω for x | `[gates · hidden, inputs]` |
/// | `recurrent`, ω for the previous state h | `[gates · hidden, hidden]` |
/// | `inputBias`, `recurrentBias` | `[gates · hidden]` each, or `nil` |
///
/// One above the other, in this order: an LSTM's blocks for i, f, g, o; a GRU's for r, z, n; a simple layer's one block.
public struct RecurrentWeights: Sendable {
  /// What weighs the input.
  public var input: Tensor
  /// What weighs the state of the step before.
  public var recurrent: Tensor
  /// A constant beside the weighed input.
  public var inputBias: Tensor?
  /// A constant beside the weighed state.
  public var recurrentBias: Tensor?

  /// The given parameters; the operation that uses them checks their shapes.
  public init(input: Tensor, recurrent: Tensor, inputBias: Tensor? = nil, recurrentBias: Tensor? = nil) {
    (self.input, self.recurrent) = (input, recurrent)
    (self.inputBias, self.recurrentBias) = (inputBias, recurrentBias)
  }

  /// The parameters as constants.
  var detached: RecurrentWeights {
    RecurrentWeights(
      input: input.detached, recurrent: recurrent.detached,
      inputBias: inputBias?.detached, recurrentBias: recurrentBias?.detached)
  }
}
