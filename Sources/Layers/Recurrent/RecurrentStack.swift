import Operations
import Tensors

/// The settings and parameters that recurrent layers have in common: several layers on top of each other, each in one
/// direction or in two.
///
/// | parameter | shape |
/// |---|---|
/// | `weight_ih_lK` | `[gates · hidden, inputs]`; from the second layer on `[gates · hidden, directions · hidden]` |
/// | `weight_hh_lK` | `[gates · hidden, hidden]` |
/// | `bias_ih_lK`, `bias_hh_lK` | `[gates · hidden]` |
///
/// K counts layers from 0; the reversed direction's names end in `_reverse`. As in PyTorch.
public struct RecurrentStack: Module, Codable {
  private enum CodingKeys: CodingKey {
    case hidden, layers, isBidirectional, dropout, weightInitializer, hasBias
  }

  /// The number of neurons in each layer and direction.
  public let hidden: Int

  /// The number of layers.
  public let layers: Int

  /// Whether each layer also runs from the last step to the first.
  public let isBidirectional: Bool

  /// The share of elements dropped between two layers in training.
  public let dropout: Float

  /// How the weights begin; `nil` for PyTorch's way.
  public let weightInitializer: Initializer?

  /// By layer and direction; empty until the number of inputs is known.
  public private(set) var weights: [RecurrentWeights] = []

  let hasBias: Bool

  /// Beyond this a number is taken for a mistake.
  private static let mostLayers = 1000

  init(
    hidden: Int, layers: Int, isBidirectional: Bool, dropout: Float, hasBias: Bool,
    weightInitializer: Initializer?
  ) {
    (self.hidden, self.layers, self.isBidirectional) = (hidden, layers, isBidirectional)
    (self.dropout, self.hasBias, self.weightInitializer) = (dropout, hasBias, weightInitializer)
  }

  /// 1, or 2 in a bidirectional layer.
  public var directions: Int { isBidirectional ? 2 : 1 }

  /// The number of inputs, once it is known.
  var inputs: Int? { weights.first?.input.shape.array.dropFirst().first }

  func outputShape(for input: Shape, site: some CustomStringConvertible) throws -> Shape {
    guard hidden > 0, (1...Self.mostLayers).contains(layers) else {
      throw ShapeError(
        site, expected: "at least one neuron and 1 to \(Self.mostLayers) layers",
        got: "\(hidden) and \(layers)")
    }
    guard dropout >= 0, dropout < 1 else {
      throw ShapeError(site, expected: "a dropout of at least 0 and below 1", got: dropout)
    }
    guard input.rank == 2, input[0] > 0, input[1] > 0 else {
      throw ShapeError(site, expected: "an example [steps, inputs] with at least one of each", got: input)
    }
    if let inputs, inputs != input[1] {
      throw ShapeError(site, expected: "[steps, \(inputs)] for an example", got: input)
    }
    let width = hidden.multipliedReportingOverflow(by: directions)
    guard !width.overflow, let shape = Shape(exactly: [input[0], width.partialValue]) else {
      throw ShapeError(site, expected: "fewer neurons or steps", got: "\(hidden) for \(input)")
    }
    return shape
  }

  mutating func initialize(
    gates: Int, for input: Shape, using random: inout RandomSource, site: some CustomStringConvertible
  ) throws {
    let output = try outputShape(for: input, site: site)
    guard weights.isEmpty else { return }
    let widths = [input[1]] + Array(repeating: output[1], count: layers - 1)
    var count = 0
    for inputs in widths {
      let (columns, overflow) = inputs.addingReportingOverflow(hidden)
      guard !overflow, let shape = Shape(exactly: [directions, gates, hidden, columns]),
        shape.count <= WeightLimit.most - count, WeightLimit.allows(shape.count)
      else {
        throw ShapeError(
          site, expected: "at most \(WeightLimit.most) weights",
          got: "\(layers) layers of \(hidden) neurons over \(input[1]) inputs")
      }
      count += shape.count
    }
    for inputs in widths {
      for _ in 0..<directions {
        weights.append(try drawn(rows: gates * hidden, inputs: inputs, using: &random))
      }
    }
  }

  /// PyTorch's way: weights and biases uniform in ±1/√hidden. With an initializer of its own, biases begin at zero.
  private func drawn(rows: Int, inputs: Int, using random: inout RandomSource) throws -> RecurrentWeights {
    let bound = 1 / Float(hidden).squareRoot()
    let uniform = Initializer.uniform(lower: -bound, upper: bound)
    let weight = weightInitializer ?? uniform
    let bias = weightInitializer == nil ? uniform : .constant(0)
    return try RecurrentWeights(
      input: weight([rows, inputs], using: &random), recurrent: weight([rows, hidden], using: &random),
      inputBias: hasBias ? bias([rows], using: &random) : nil,
      recurrentBias: hasBias ? bias([rows], using: &random) : nil)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    for index in weights.indices {
      let place = "l\(index / directions)" + (index % directions == 1 ? "_reverse" : "")
      visitor.visit(&weights[index].input, named: "weight_ih_\(place)")
      visitor.visit(&weights[index].recurrent, named: "weight_hh_\(place)")
      visitor.visit(&weights[index].inputBias, named: "bias_ih_\(place)")
      visitor.visit(&weights[index].recurrentBias, named: "bias_hh_\(place)")
    }
  }

  /// What stands between the parentheses of a layer's description.
  var description: String {
    (inputs.map { "\($0) → " } ?? "→ ") + "\(hidden)" + (layers == 1 ? "" : ", layers: \(layers)")
      + (isBidirectional ? ", bidirectional" : "") + (dropout == 0 ? "" : ", dropout: \(dropout)")
      + (hasBias ? "" : ", no bias")
  }
}
