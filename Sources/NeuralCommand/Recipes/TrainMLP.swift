import ArgumentParser
import NeuralNetworks

/// `neural train mlp`.
struct TrainMLP: ParsableCommand {
  private static let defaults = RecipeDefaults(
    data: .fashionMNIST, epochs: 12, batchSize: 128, optimizer: .adamw, learningRate: 1e-3, weightDecay: 0.01,
    schedule: .cosine)

  static let configuration = CommandConfiguration(
    commandName: "mlp", abstract: "Fully connected layers with ReLU.", discussion: defaults.description)

  @OptionGroup var network: MultilayerPerceptronOptions
  @OptionGroup var recipe: RecipeOptions

  func run() throws { try recipe.run(Self.defaults, network.network) }
}

/// The sizes of a multilayer perceptron.
struct MultilayerPerceptronOptions: ParsableArguments {
  @Option(help: "The hidden layers' neurons, with commas between; \"\" for a linear model.")
  var hidden = Widths(values: [256, 128, 100])

  /// The network for such examples, before training.
  func network(for examples: Examples, seed: UInt64) throws -> SavedNetwork {
    let sizes = MultilayerPerceptron.Configuration(
      inputs: examples.exampleShape.count, hidden: hidden.values, outputs: examples.outputs)
    return SavedNetwork(
      model: try MultilayerPerceptron(sizes, seed: seed).layers, loss: examples.usualLoss)
  }
}
