import ArgumentParser
import NeuralNetworks

/// How recognizable and varied generated images are to a network that was trained to classify real ones.
struct ImageScore: Encodable, CustomStringConvertible {
  let inceptionScore: Float

  /// The score of images, `[count, …]`, in [0, 1].
  init(of images: Tensor, by classifier: SavedNetwork) throws {
    try Self.check(classifier, for: images.shape.droppingFirst)
    let scores = try classifier.model.predict(classifier.shaped(images))
    inceptionScore = try NeuralNetworks.inceptionScore(softmax(scores))
  }

  /// Checks that a network can judge images of a shape.
  static func check(_ network: SavedNetwork, for image: Shape) throws {
    guard network.loss == .softmaxCrossEntropy else {
      throw ValidationError("the network that judges images is to be a classifier")
    }
    if let input = network.model.input, input.count != image.count {
      throw ValidationError("the classifier takes \(input), not images of \(image)")
    }
  }

  var description: String { "inception score by this classifier \(inceptionScore)" }
}

/// `neural score CLASSIFIER --images FILE`.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints how recognizable and varied images are to a classifier.",
    discussion: """
      The inception score, with a classifier of your own: from 1 up to its number of classes. Without --images, of the test \
      images of a data set.
      """)

  @Argument(help: "A classifier saved by \"neural train\".")
  var classifier: String

  @Option(help: "The images, pixels from 0 to 1: an .npy file [count, …].")
  var images: String?

  @OptionGroup var source: DataOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if images != nil, source.data != nil { throw ValidationError("--images and --data are one or the other") }
  }

  func run() throws {
    let network = try SavedNetwork.load(classifier)
    let images = try images.map(NPY.read) ?? source.load().test.inputs
    try StandardOutput.print("\(compute.compute { try ImageScore(of: images, by: network) })")
  }
}
