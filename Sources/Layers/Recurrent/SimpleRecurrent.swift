import Operations
import Tensors

/// A simple recurrent layer: neurons that see their own last output beside the input.
///
///     h_t = activation(W_ih · x_t + b_ih + W_hh · h_{t−1} + b_hh)
///
/// | value | shape |
/// |---|---|
/// | input | `[batch, steps, inputs]` |
/// | `weight_ih_l0` | `[hidden, inputs]` |
/// | `weight_hh_l0` | `[hidden, hidden]` |
/// | `bias_ih_l0`, `bias_hh_l0` | `[hidden]` |
/// | output | `[batch, steps, directions · hidden]` |
///
/// States, lengths and single steps: see ``RecurrentLayer``. In training, elements are dropped between two layers. Weights and
/// biases begin uniform in ±1/√hidden, as in PyTorch. Source: Elman, "Finding structure in time", Cognitive Science 14, 1990.
///
/// - Throws: when called, ``ShapeError`` if the input is not `[batch, steps, inputs]`.
/// - Complexity: 2 · batch · steps · hidden · (inputs + hidden) flops forward in each layer and direction, twice as many
///   backward.
public struct SimpleRecurrent: RecurrentLayer, Codable {
  public static let gates = 1
  public static let hasCellState = false

  public var stack: RecurrentStack

  /// The activation function of each neuron: `tanh`, `relu`, `sigmoid` or `identity`.
  public let activation: Activation

  /// A layer that gets its weights when it learns the shape of its input.
  public init(
    hidden: Int, layers: Int = 1, bidirectional: Bool = false, activation: Activation = .tanh,
    dropout: Float = 0, bias: Bool = true, weightInitializer: Initializer? = nil
  ) {
    self.activation = activation
    stack = RecurrentStack(
      hidden: hidden, layers: layers, isBidirectional: bidirectional, dropout: dropout, hasBias: bias,
      weightInitializer: weightInitializer)
  }

  public func run(
    _ input: Tensor, weights: RecurrentWeights, hidden: Tensor?, cell: Tensor?, lengths: [Int]?,
    isReversed: Bool
  ) throws -> StateSequence {
    try simpleRecurrent(
      input, weights: weights, hidden: hidden, activation: activation, lengths: lengths,
      isReversed: isReversed)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard Activation.recurrent.contains(activation) else {
      throw ShapeError(self, expected: "one of \(Activation.recurrent)", got: activation)
    }
    return try stack.outputShape(for: input, site: self)
  }

  public var description: String { "SimpleRecurrent(\(stack.description), \(activation))" }
}
