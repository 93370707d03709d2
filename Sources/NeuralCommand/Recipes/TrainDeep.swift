import ArgumentParser
import NeuralNetworks

/// `neural train deep`.
struct TrainDeep: ParsableCommand {
  private static let defaults = RecipeDefaults(
    data: .fashionMNIST, epochs: 5, batchSize: 128, optimizer: .adam, learningRate: 1e-3, schedule: .cosine)

  static let configuration = CommandConfiguration(
    commandName: "deep", abstract: "Many narrow layers, with and without normalization.",
    discussion: """
      Before training it prints how long the gradients of some layers' weights are: without normalization they vanish or \
      explode from the last layer to the first. \(defaults.description)
      """)

  /// Activations that can be named.
  enum Neurons: String, ExpressibleByArgument, CaseIterable {
    case sigmoid, tanh, relu

    var activation: Activation {
      switch self {
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      case .relu: .relu
      }
    }
  }

  @Option(help: "Hidden layers.")
  var depth = 24

  @Option(help: "Neurons of a hidden layer.")
  var width = 64

  @Option(help: "The hidden layers' activation: sigmoid, tanh or relu.")
  var activation = Neurons.sigmoid

  @Option(help: "What normalizes each hidden layer: none, batch or layer.")
  var normalization = DeepNetwork.Normalization.batch

  @OptionGroup var recipe: RecipeOptions

  func validate() throws {
    guard 1...10_000 ~= depth else { throw ValidationError("--depth is from 1 to 10000, not \(depth)") }
    try check("--width", width)
  }

  func run() throws {
    try recipe.run(Self.defaults) { examples, seed in
      let model = try DeepNetwork(
        inputs: examples.exampleShape.count, depth: depth, width: width, outputs: examples.outputs,
        activation: activation.activation, normalization: normalization
      ).layers(seed: seed)
      if recipe.options.isForPeople { try show(model, examples) }
      return SavedNetwork(model: model, loss: examples.usualLoss)
    }
  }

  /// Prints how long the gradients of the weights of some layers are before the first step.
  private func show(_ model: Sequential, _ examples: Examples) throws {
    let batch = examples.selecting(0..<min(examples.count, 128))
    let (_, gradients) = try model.valueAndGradients {
      try examples.usualLoss($0(batch.inputs, in: Pass(.training)), batch.targets)
    }
    let layers = Set([1, depth / 3, 2 * depth / 3, depth]).filter { $0 > 0 }.sorted().map { "hidden\($0)" }
    for layer in layers + ["output"] {
      let squares = gradients["\(layer).weight"]?.array.reduce(0.0) { $0 + Double($1) * Double($1) } ?? 0
      try StandardOutput.print("gradient of \(layer)'s weights: \(Float(squares.squareRoot()))")
    }
  }
}

extension DeepNetwork.Normalization: ExpressibleByArgument {}
