import ArgumentParser
import NeuralNetworks

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
