import Layers
import Operations
import Tensors

/// One layer of neurons with the Heaviside activation, trained by its own rule ω ← ω + λ (y − ŷ) x.
///
///     var model = try Perceptron(inputs: 2, outputs: 1)
///     let training = try model.fit(inputs, targets, rate: 1, epochs: 100, seed: 7)
///     print(training.converged)
///
/// Backpropagation cannot train it: the gradient of the Heaviside function is zero almost everywhere. The rule finds
/// weights without a mistake whenever there are any (Novikoff, 1962), and never settles when there are none.
/// Source: the lecture, sections "Neurons" and "Structure of a neural network".
public struct Perceptron: Layer {
  private var neurons: Dense

  /// Neurons that begin with zero weights.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive.
  public init(inputs: Int, outputs: Int) throws {
    guard inputs > 0, outputs > 0 else {
      throw ShapeError(
        "Perceptron", expected: "at least one input and one output", got: "\(inputs) and \(outputs)")
    }
    neurons = try Dense(weight: .zeros([outputs, inputs]), bias: .zeros([outputs]))
  }

  /// The neurons' answers, 0 or 1, or 0.5 where a score is exactly 0.
  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try reportingErrors(as: self) { try heaviside(neurons(input, in: pass)) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    try reportingErrors(as: self) { try neurons.outputShape(for: input) }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) { neurons.visit(&visitor) }

  public var description: String { "Perceptron(\(neurons))" }

  /// What ``fit(_:_:rate:epochs:seed:)`` came to.
  public struct Training: Sendable, Hashable {
    /// Wrong answers in each epoch.
    public let mistakes: [Int]

    /// Whether the last epoch was without mistakes: the neurons separate the examples.
    public var converged: Bool { mistakes.last == 0 }
  }

  /// Learns example by example, in an order shuffled each epoch, until an epoch passes without a mistake.
  ///
  /// - Parameters:
  ///   - inputs: `[examples, inputs]`.
  ///   - targets: `[examples, outputs]`, 0 or 1.
  ///   - rate: λ.
  ///   - epochs: the most epochs to try.
  ///   - seed: of the order of examples.
  /// - Throws: ``ShapeError`` if the shapes do not fit, there are no examples, or a target is neither 0 nor 1.
  public mutating func fit(
    _ inputs: Tensor, _ targets: Tensor, rate: Float = 1, epochs: Int = 100, seed: UInt64 = 0
  ) throws -> Training {
    guard inputs.shape.rank == 2, targets.shape.rank == 2, inputs.shape[0] == targets.shape[0] else {
      throw ShapeError(
        self, expected: "inputs and targets [examples, …]", got: "\(inputs.shape) and \(targets.shape)")
    }
    guard inputs.shape[0] > 0, targets.array.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw ShapeError(self, expected: "at least one example, with targets 0 or 1", got: "\(targets)")
    }
    var random = RandomSource(seed: seed)
    var mistakes: [Int] = []
    while mistakes.count < epochs, mistakes.last != 0 {
      var wrong = 0
      for example in random.permutation(inputs.shape[0]) {
        if try !learn(inputs.rows([example]), targets.rows([example]), rate) { wrong += 1 }
      }
      mistakes.append(wrong)
    }
    return Training(mistakes: mistakes)
  }

  /// One application of the rule; whether the answer was already right.
  private mutating func learn(_ input: Tensor, _ target: Tensor, _ rate: Float) throws -> Bool {
    if try self(input) == target { return true }
    let (_, gradients) = try neurons.valueAndGradients { try perceptronCriterion($0(input), target) }
    try neurons.update(with: gradients) { $0.add($1, scaledBy: -rate) }
    return false
  }
}
