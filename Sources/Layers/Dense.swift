import Operations
import Tensors

/// A fully connected layer.
///
///     output = activation(input · weightᵀ + bias)
///
/// | value    | shape                |
/// |----------|----------------------|
/// | `input`  | `[batch, inputs]`    |
/// | `weight` | `[outputs, inputs]`  |
/// | `bias`   | `[outputs]`          |
/// | output   | `[batch, outputs]`   |
///
/// More axes before the last are kept as they are. Source: the lecture, section "Fully connected layer".
///
/// - Throws: when called, ``ShapeError`` if `input` is not `[batch, inputs]`.
/// - Complexity: one matrix product forward (2 · batch · inputs · outputs flops), two backward.
public struct Dense: WeightedLayer, Codable {
  private enum CodingKeys: CodingKey { case outputs, activation, weightInitializer, hasBias }

  /// The number of neurons.
  public let outputs: Int

  /// The activation function of each neuron.
  public let activation: Activation

  /// How the weights begin.
  public let weightInitializer: Initializer

  /// ω, one row a neuron; `nil` until the number of inputs is known.
  public var weight: Tensor?

  /// w₀, one element a neuron; `nil` in a layer without bias.
  public private(set) var bias: Tensor?

  private let hasBias: Bool

  /// A layer that gets its weights when it learns the shape of its input: from a ``Sequential``, or from
  /// ``Layer/initialized(for:seed:)``.
  ///
  /// Biases begin at zero.
  public init(
    outputs: Int, activation: Activation = .identity, bias: Bool = true, weightInitializer: Initializer? = nil
  ) {
    self.outputs = outputs
    self.activation = activation
    self.weightInitializer = weightInitializer ?? (activation == .relu ? .heUniform : .glorotUniform)
    hasBias = bias
  }

  /// A layer with the given parameters.
  ///
  /// - Throws: ``ShapeError`` if `weight` is not `[outputs, inputs]` or `bias` is not `[outputs]`.
  public init(weight: Tensor, bias: Tensor?, activation: Activation = .identity) throws {
    guard weight.shape.rank == 2 else {
      throw ShapeError("Dense", expected: "a weight [outputs, inputs]", got: weight.shape)
    }
    let outputs = weight.shape[0]
    if let bias, bias.shape != [outputs] {
      throw ShapeError("Dense", expected: "a bias [\(outputs)]", got: bias.shape)
    }
    self.init(outputs: outputs, activation: activation, bias: bias != nil)
    self.weight = weight
    self.bias = bias
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    let weight = try checkedWeight(for: input)
    guard input.shape.rank > 0, input.shape[-1] == weight.shape[1] else {
      throw ShapeError(self, expected: "[batch, \(weight.shape[1])]", got: input.shape)
    }
    return try linear(input, weight: weight, bias: bias, activation: activation)
  }

  /// The weight, which may have been replaced by one of another shape.
  func checkedWeight(for input: Tensor) throws -> Tensor {
    guard let weight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    guard weight.shape.rank == 2, weight.shape[0] == outputs else {
      throw ShapeError(self, expected: "a weight [\(outputs), inputs]", got: weight.shape)
    }
    return weight
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank > 0, input[-1] > 0, outputs > 0 else {
      throw ShapeError(self, expected: "at least one input and one output", got: input)
    }
    if let inputs = weight?.shape.array.dropFirst().first, inputs != input[-1] {
      throw ShapeError(self, expected: "[\(inputs)] for an example", got: input)
    }
    guard let output = input.replacingLast(exactly: outputs) else {
      throw ShapeError(self, expected: "fewer outputs", got: "\(outputs) for \(input)")
    }
    return output
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    guard weight == nil else { return }
    guard let shape = Shape(exactly: [outputs, input[-1]]), WeightLimit.allows(shape.count) else {
      throw ShapeError(
        self, expected: "at most \(WeightLimit.most) weights", got: "\(outputs) × \(input[-1])")
    }
    weight = try weightInitializer(shape, using: &random)
    if hasBias { bias = .zeros([outputs]) }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
    visitor.visit(&bias, named: "bias")
  }

  public var description: String {
    let inputs = weight?.shape.array.dropFirst().first.map { "\($0) → " } ?? "→ "
    let activation = activation == .identity ? "" : ", \(activation)"
    return "Dense(\(inputs)\(outputs)\(activation)\(hasBias ? "" : ", no bias"))"
  }
}
