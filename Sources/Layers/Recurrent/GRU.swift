import Operations
import Tensors

/// A layer of gated recurrent units.
///
///     r, z = σ(W_ih · x_t + b_ih + W_hh · h_{t−1} + b_hh)          each with its own block of rows, in the order r, z, n
///     n    = tanh(W_in · x_t + b_in + r ∘ (W_hn · h_{t−1} + b_hn))
///     h_t  = (1 − z) ∘ n + z ∘ h_{t−1}
///
/// | value | shape |
/// |---|---|
/// | input | `[batch, steps, inputs]` |
/// | `weight_ih_l0` | `[3 · hidden, inputs]` |
/// | `weight_hh_l0` | `[3 · hidden, hidden]` |
/// | `bias_ih_l0`, `bias_hh_l0` | `[3 · hidden]` |
/// | output | `[batch, steps, directions · hidden]` |
///
/// States, lengths and single steps: see ``RecurrentLayer``. In training, elements are dropped between two layers. Weights and
/// biases begin uniform in ±1/√hidden, as in PyTorch. Source: Cho et al., "Learning phrase representations using RNN
/// encoder–decoder", EMNLP 2014, in PyTorch's form, which applies r after the product.
///
/// - Throws: when called, ``ShapeError`` if the input is not `[batch, steps, inputs]`.
/// - Complexity: 6 · batch · steps · hidden · (inputs + hidden) flops forward in each layer and direction, twice as many
///   backward.
public struct GRU: RecurrentLayer, Codable {
  public static let gates = 3
  public static let hasCellState = false

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
    try gru(input, weights: weights, hidden: hidden, lengths: lengths, isReversed: isReversed)
  }
}
