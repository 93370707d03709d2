import Operations
import Tensors

/// A layer of long short-term memory, with forget gates and without peepholes.
///
///     i, f, o = σ(W_ih · x_t + b_ih + W_hh · h_{t−1} + b_hh)       each with its own block of rows, in the order i, f, g, o
///     g       = tanh(the same with g's block)
///     c_t     = f ∘ c_{t−1} + i ∘ g
///     h_t     = o ∘ tanh(c_t)
///
/// | value | shape |
/// |---|---|
/// | input | `[batch, steps, inputs]` |
/// | `weight_ih_l0` | `[4 · hidden, inputs]` |
/// | `weight_hh_l0` | `[4 · hidden, hidden]` |
/// | `bias_ih_l0`, `bias_hh_l0` | `[4 · hidden]` |
/// | output | `[batch, steps, directions · hidden]` |
///
/// States, lengths and single steps: see ``RecurrentLayer``. In training, elements are dropped between two layers. Weights and
/// biases begin uniform in ±1/√hidden, as in PyTorch. Source: Hochreiter and Schmidhuber, "Long short-term memory", Neural
/// Computation 9, 1997; Gers et al., "Learning to forget", Neural Computation 12, 2000.
///
/// - Throws: when called, ``ShapeError`` if the input is not `[batch, steps, inputs]`.
/// - Complexity: 8 · batch · steps · hidden · (inputs + hidden) flops forward in each layer and direction, twice as many
///   backward.
public struct LSTM: RecurrentLayer, Codable {
  public static let gates = 4
  public static let hasCellState = true

  public var stack: RecurrentStack

  /// A layer that gets its weights when it learns the shape of its input.
  public init(
    hidden: Int, layers: Int = 1, bidirectional: Bool = false, dropout: Float = 0, bias: Bool = true,
    weightInitializer: Initializer? = nil
  ) {
    stack = RecurrentStack(
      hidden: hidden, layers: layers, isBidirectional: bidirectional, dropout: dropout, hasBias: bias,
      weightInitializer: weightInitializer)
  }

  public func run(
    _ input: Tensor, weights: RecurrentWeights, hidden: Tensor?, cell: Tensor?, lengths: [Int]?,
    isReversed: Bool
  ) throws -> StateSequence {
    try lstm(
      input, weights: weights, hidden: hidden, cell: cell, lengths: lengths, isReversed: isReversed)
  }
}
