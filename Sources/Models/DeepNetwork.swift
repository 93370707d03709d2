import Layers
import Operations
import Tensors

/// Many narrow fully connected layers in a row: the lecture's deep network, on which depth shows what makes it hard.
///
///     let layers = try DeepNetwork(inputs: 784, depth: 24, outputs: 10, normalization: .batch).layers(seed: 7)
///
/// Error terms are multiplied by a layer's weights and slopes on their way back through each; through many layers they
/// vanish or explode. A normalization before each activation keeps what flows forward, and with it what flows back, of
/// one size. Source: the lecture, sections "Deep neural networks" and "Normalization"; Glorot and Bengio, "Understanding
/// the difficulty of training deep feedforward neural networks", 2010; Ioffe and Szegedy, "Batch normalization", 2015.
public struct DeepNetwork: Sendable, Hashable, Codable {
  /// What stands between the weights and the activation of each hidden layer.
  public enum Normalization: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing.
    case none
    /// ``BatchNorm``.
    case batch
    /// ``LayerNorm``.
    case layer
  }

  /// Numbers in an example.
  public var inputs: Int

  /// The number of hidden layers.
  public var depth: Int

  /// Neurons of a hidden layer.
  public var width: Int

  /// Numbers in an answer: classes.
  public var outputs: Int

  /// The hidden layers' activation.
  public var activation: Activation

  /// What normalizes each hidden layer.
  public var normalization: Normalization

  /// How the weights begin.
  public var weightInitializer: Initializer

  /// A network of these sizes.
  public init(
    inputs: Int, depth: Int = 24, width: Int = 64, outputs: Int, activation: Activation = .sigmoid,
    normalization: Normalization = .none, weightInitializer: Initializer = .glorotUniform
  ) {
    (self.inputs, self.depth, self.width, self.outputs) = (inputs, depth, width, outputs)
    (self.activation, self.normalization) = (activation, normalization)
    self.weightInitializer = weightInitializer
  }

  /// The network's layers, their weights drawn from the seed: `hidden1`, `norm1`, `activation1`, …, `output`.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive.
  public func layers(seed: UInt64) throws -> Sequential {
    guard inputs > 0, depth >= 0 else {
      throw ShapeError("DeepNetwork", expected: "at least one input", got: "\(inputs), and \(depth) layers")
    }
    return try Sequential(input: [inputs], seed: seed) {
      for number in 0..<depth {
        Dense(outputs: width, bias: normalization == .none, weightInitializer: weightInitializer)
          .named("hidden\(number + 1)")
        switch normalization {
        case .none: []
        case .batch: BatchNorm().named("norm\(number + 1)")
        case .layer: LayerNorm().named("norm\(number + 1)")
        }
        activation.named("activation\(number + 1)")
      }
      Dense(outputs: outputs).named("output")
    }
  }
}
