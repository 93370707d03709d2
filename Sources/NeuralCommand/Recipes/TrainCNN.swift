import ArgumentParser
import NeuralNetworks

/// `neural train cnn`.
struct TrainCNN: ParsableCommand {
  private static let plain = RecipeDefaults(
    data: .fashionMNIST, epochs: 8, batchSize: 128, optimizer: .adam, learningRate: 1e-3, schedule: .cosine)

  /// Against overfitting as well, a network twice as wide trains three times as long on images that are mirrored and moved, by
  /// momentum: AdamW reached the figure from one of two seeds.
  private static let regularized = RecipeDefaults(
    data: .fashionMNIST, epochs: 24, batchSize: 128, optimizer: .sgd, learningRate: 0.05, momentum: 0.9,
    weightDecay: 5e-4,
    schedule: .cosine, warmup: 400)

  static let configuration = CommandConfiguration(
    commandName: "cnn", abstract: "Two convolutions with pooling, for square images.",
    discussion: "\(plain.description)\n--regularized: \(regularized.description)")

  @Flag(help: "Batch normalization, dropout, decay of weights and changed images, in a wider network.")
  var regularized = false

  @Option(help: "The rate of dropout of a regularized network. (default: 0.1)")
  var dropout: Float?

  @Option(help: "Filters of the convolutions, with commas between. (default: 32,64; regularized: 64,128)")
  var filters: Widths?

  @Option(help: "The side of the convolutions' kernels.")
  var kernel = 3

  @Option(help: "Neurons of the fully connected layer before the last. (default: 128; regularized: 256)")
  var hidden: Int?

  @Flag(inversion: .prefixedNo, help: "Mirror every second training image. (default: if regularized)")
  var mirrored: Bool?

  @Option(help: "Move each training image by up to so many places. (default: 0; regularized: 1)")
  var shifted: Int?

  @OptionGroup var recipe: RecipeOptions

  func validate() throws {
    if dropout != nil, !regularized { throw ValidationError("--dropout belongs to --regularized") }
    try check("--kernel", kernel)
    try check("--hidden", hidden)
    try check("--shifted", shifted, atLeast: 0)
  }

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
        isRegularized: regularized, dropout: dropout ?? 0.1)
      return SavedNetwork(model: try network.layers(seed: seed), loss: .softmaxCrossEntropy)
    }
  }
}

extension TrainCNN {
  private var augmentations: [Augmentation] {
    let most = shifted ?? (regularized ? 1 : 0)
    return (most > 0 ? [.shift(most)] : []) + (mirrored ?? regularized ? [.flip] : [])
  }
}
