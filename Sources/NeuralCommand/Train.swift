import ArgumentParser
import NeuralNetworks

/// `neural train RECIPE`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network and saves it.",
    subcommands: [
      TrainPerceptron.self, TrainLinearRegression.self, TrainMLP.self, TrainCNN.self,
      TrainLSTMText.self, TrainTransformer.self, TrainEncoderDecoder.self, TrainRNN.self, TrainLSTM.self,
      TrainDeep.self, TrainEmbedding.self, TrainGAN.self,
    ])
}

/// `neural train mlp`.
struct TrainMLP: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 12, batchSize: 128, optimizer: .adamw, learningRate: 1e-3, weightDecay: 0.01, schedule: .cosine)

  static let configuration = CommandConfiguration(
    commandName: "mlp", abstract: "Fully connected layers with ReLU.", discussion: defaults.description)

  @OptionGroup var network: MultilayerPerceptronOptions
  @OptionGroup var recipe: RecipeOptions

  func run() throws { try recipe.run(Self.defaults, network.network) }
}

/// `neural train cnn`.
struct TrainCNN: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 8, batchSize: 128, optimizer: .adam, learningRate: 1e-3, schedule: .cosine)

  static let configuration = CommandConfiguration(
    commandName: "cnn", abstract: "Two convolutions with pooling, for square images.",
    discussion: defaults.description)

  @Flag(help: "Batch normalization and dropout.")
  var regularized = false

  @Option(help: "The rate of dropout of a regularized network.")
  var dropout: Float = 0.25

  @Option(help: "Filters of the convolutions, with commas between.")
  var filters = Widths(values: [32, 64])

  @Option(help: "Neurons of the fully connected layer before the last.")
  var hidden = 128

  @Flag(help: "Mirror every second training image.")
  var mirrored = false

  @Option(help: "Move each training image by up to so many places.")
  var shifted = 0

  @OptionGroup var recipe: RecipeOptions

  func run() throws {
    try recipe.run(Self.defaults, augmentations: augmentations) { examples, seed in
      let side = Int(Double(examples.exampleShape.count).squareRoot().rounded())
      guard side * side == examples.exampleShape.count, case .labels(_, let classes) = examples.targets else {
        throw ValidationError("cnn wants square images of one channel, with labels")
      }
      let network = ConvolutionalNetwork(
        input: [1, side, side], filters: filters.values, hidden: hidden, outputs: classes,
        isRegularized: regularized, dropout: dropout)
      return SavedNetwork(model: try network.layers(seed: seed), loss: .softmaxCrossEntropy)
    }
  }
}

extension TrainCNN {
  private var augmentations: [Augmentation] {
    (shifted > 0 ? [.shift(shifted)] : []) + (mirrored ? [.flip] : [])
  }
}

/// `neural train linear-regression`.
struct TrainLinearRegression: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 4000, batchSize: 1 << 14, optimizer: .adam, learningRate: 0.3, schedule: .cosine)

  static let configuration = CommandConfiguration(
    commandName: "linear-regression",
    abstract: "One linear layer, whose training ends where least squares begin.",
    discussion: defaults.description)

  @OptionGroup var recipe: RecipeOptions

  func run() throws {
    try recipe.run(Self.defaults) { examples, seed in
      guard case .values(let values) = examples.targets, examples.exampleShape.rank == 1 else {
        throw ValidationError("linear-regression wants rows of numbers, with values to predict")
      }
      let model = try Sequential(input: examples.exampleShape, seed: seed) {
        Dense(outputs: values.shape.droppingFirst.count).named("output")
      }
      return SavedNetwork(model: model, loss: .meanSquaredError)
    }
  }
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

/// Sizes of layers as "256,128" gives them.
struct Widths: ExpressibleByArgument {
  let values: [Int]

  init(values: [Int]) { self.values = values }

  init?(argument: String) {
    let parts = argument.isEmpty ? [] : argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Int($0) }.filter { $0 > 0 && $0 <= 1 << 20 }
    if values.count != parts.count { return nil }
  }

  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}
