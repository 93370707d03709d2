import Layers
import Operations
import Tensors

/// Fully connected layers in a row: the lecture's artificial neural network, and with many layers its deep one.
///
///     let model = try MultilayerPerceptron(.init(inputs: 784, hidden: [256, 128], outputs: 10), seed: 7)
///
/// The layers are named `hidden1`, `hidden2`, …, `output`; the last one has no activation and gives scores.
/// Source: the lecture, section "Structure of a neural network".
public struct MultilayerPerceptron: Layer, Codable {
  /// The sizes of a network, from which it can be built again.
  public struct Configuration: Codable, Sendable, Hashable {
    /// Numbers in an example.
    public var inputs: Int
    /// Neurons in each hidden layer; without any, the network is a linear model.
    public var hidden: [Int]
    /// Numbers in an answer: classes, or values of a regression.
    public var outputs: Int
    /// The hidden layers' activation.
    public var activation: Activation

    /// A network of the given sizes.
    public init(inputs: Int, hidden: [Int], outputs: Int, activation: Activation = .relu) {
      (self.inputs, self.hidden, self.outputs, self.activation) = (inputs, hidden, outputs, activation)
    }
  }

  /// The sizes.
  public let configuration: Configuration

  /// The layers.
  public private(set) var layers: Sequential

  /// A network of the given sizes, its weights drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    guard configuration.inputs > 0 else {
      throw ShapeError("MultilayerPerceptron", expected: "at least one input", got: configuration.inputs)
    }
    self.configuration = configuration
    layers = try Sequential(input: [configuration.inputs], seed: seed) {
      for (index, width) in configuration.hidden.enumerated() {
        Dense(outputs: width, activation: configuration.activation).named("hidden\(index + 1)")
      }
      Dense(outputs: configuration.outputs).named("output")
    }
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try layers(input, in: pass) }

  public func outputShape(for input: Shape) throws -> Shape { try layers.outputShape(for: input) }

  public mutating func visit(_ visitor: inout ModuleVisitor) { layers.visit(&visitor) }

  public var description: String { "MultilayerPerceptron(\(layers))" }
}
