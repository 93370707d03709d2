import ArgumentParser
import NeuralNetworks

/// `neural train cnn`.
struct TrainCNN: ParsableCommand {
  private static let plain = RecipeDefaults(
    epochs: 8, batchSize: 128, optimizer: .adam, learningRate: 1e-3, schedule: .cosine)

  /// Against overfitting as well, a network twice as wide trains three times as long, by momentum: AdamW reached
  /// the figure from one of two seeds.
  private static let regularized = RecipeDefaults(
    epochs: 24, batchSize: 128, optimizer: .sgd, learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4,
    schedule: .cosine, warmup: 400)

  static let configuration = CommandConfiguration(
    commandName: "cnn", abstract: "Two convolutions with pooling, for square images.",
    discussion: "\(plain.description)\n--regularized: \(regularized.description)")

  @Flag(help: "Batch normalization, dropout and decay of weights, in a wider network.")
  var regularized = false

  @Option(help: "The rate of dropout of a regularized network.")
  var dropout: Float = 0.1

  @Option(help: "Filters of the convolutions, with commas between. (default: 32,64; regularized: 64,128)")
  var filters: Widths?

  @Option(help: "The side of the convolutions' kernels.")
  var kernel = 3

  @Option(help: "Neurons of the fully connected layer before the last. (default: 128; regularized: 256)")
  var hidden: Int?

  @Flag(help: "Mirror every second training image.")
  var mirrored = false

  @Option(help: "Move each training image by up to so many places.")
  var shifted = 0

  @OptionGroup var recipe: RecipeOptions

  func run() throws {
    try recipe.run(regularized ? Self.regularized : Self.plain, augmentations: augmentations) {
      examples, seed in
      let side = Int(Double(examples.exampleShape.count).squareRoot().rounded())
      guard side * side == examples.exampleShape.count, case .labels(_, let classes) = examples.targets else {
        throw ValidationError("cnn wants square images of one channel, with labels")
      }
      let network = ConvolutionalNetwork(
        input: [1, side, side], filters: filters?.values ?? (regularized ? [64, 128] : [32, 64]),
        kernel: kernel, hidden: hidden ?? (regularized ? 256 : 128), outputs: classes,
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
