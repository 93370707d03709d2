import ArgumentParser
import NeuralNetworks
import Pictures

/// `neural train gan`.
struct TrainGAN: ParsableCommand {
  /// What can be generated.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case ring, grid
    case fashionMNIST = "fashion-mnist"

    /// The centers that points lie around; `nil` for images.
    var mixture: GaussianMixture? {
      switch self {
      case .ring: .ring()
      case .grid: .grid()
      case .fashionMNIST: nil
      }
    }

    var defaults: RecipeDefaults {
      switch self {
      case .ring, .grid:
        RecipeDefaults(
          epochs: self == .ring ? 60 : 80, batchSize: 256, optimizer: .adam, learningRate: 1e-3,
          meanDecay: 0.5, schedule: .linear)
      case .fashionMNIST:
        RecipeDefaults(
          epochs: 12, batchSize: 64, optimizer: .adam, learningRate: 2e-4, meanDecay: 0.5,
          schedule: .constant)
      }
    }

    /// The numbers of noise: as many as a point has, so that the generator needs but bend one plane into another.
    var latent: Int { mixture == nil ? 64 : 2 }

    /// What the two networks make small.
    var loss: AdversarialLoss { mixture == nil ? .nonSaturating : .relativistic }

    /// The neurons of a layer, of points.
    var hidden: Int { self == .grid ? 256 : 128 }

    /// The weight of the gradient penalty: the narrower the modes beside the distance between them, the steeper a critic
    /// must be that tells them apart.
    var penalty: Float {
      switch self {
      case .ring: 0.1
      case .grid: 0.02
      case .fashionMNIST: 0
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "gan", abstract: "A generator of images or points, and a critic of what it makes.",
    discussion: Kind.allCases.map { "\($0.rawValue): \($0.defaults.description)" }.joined(separator: "\n"))

  @Option(help: "ring and grid, points around 8 and 25 centers, or fashion-mnist, images.")
  var data = Kind.ring

  @OptionGroup var installation: InstallOption

  @Option(help: "Numbers of noise that an example is made of. (default: 2 for points, 64 for images)")
  var latent: Int?

  @Option(help: "Filters of the last convolution, of images. (default: 32)")
  var width: Int?

  @Option(help: "Neurons of a layer, of points. (default: 128 for the ring, 256 for the grid)")
  var hidden: Int?

  @Option(
    help: "The weight of the gradient penalty. (default: 0.1 for the ring, 0.02 for the grid, 0 for images)")
  var penalty: Float?

  @Option(
    help: "What the two networks make small. (default: relativistic for points, nonSaturating for images)")
  var loss: AdversarialLoss?

  @Option(help: "The PNG file to write 100 generated images to. (default: none)")
  var picture: String?

  @Option(help: "The .npy file to write generated examples to. (default: none)")
  var samples: String?

  @Option(help: "How many examples are generated for --samples and the scores.")
  var count = 10_000

  @Option(help: "A classifier of such images, saved by \"neural train\", that judges what is generated.")
  var classifier: String?

  @OptionGroup var options: RunOptions

  func validate() throws {
    if let penalty, !(penalty >= 0 && penalty.isFinite) {
      throw ValidationError("--penalty is at least 0, not \(penalty)")
    }
    try check("--count", count, atMost: 1 << 20)
    try check("--latent", latent)
    try check("--width", width)
    try check("--hidden", hidden)
    if data.mixture != nil, picture != nil || classifier != nil || width != nil {
      throw ValidationError("--picture, --classifier and --width are for images, not for points")
    }
    if data.mixture == nil, hidden != nil { throw ValidationError("--hidden is for points, not for images") }
    if picture != nil, !PNG.isAvailable { throw ValidationError("--picture wants a build with libpng") }
  }

  func run() throws {
    let judge = try classifier.map(SavedNetwork.load)
    if let judge { try ImageScore.check(judge, for: [1, 28, 28]) }
    let latent = latent ?? data.latent
    for path in [picture, samples].compactMap(\.self) { try AtomicFile.checkWritable(path) }
    if let mixture = data.mixture {
      try run(
        .points(latent: latent, hidden: hidden ?? data.hidden), judge: nil,
        remark: { try "\(ModeCoverage(of: $0, over: mixture, seed: options.training.seed))" },
        batches: { mixture.dataset(batchSize: $0, batchCount: 250) })
    } else {
      let images = try FashionMNIST.load(installation).training.shaped([1, 28, 28])
      try run(
        .images(latent: latent, width: width ?? 32), judge: judge, remark: { _ in nil },
        batches: { size in
          guard size <= images.count else {
            throw ValidationError("--batch-size is at most \(images.count), the images that there are")
          }
          return try images.dataset(batchSize: size, dropsLast: true).map { try 2 * $0.inputs - 1 }
        })
    }
  }

  private func run<Batches: Dataset>(
    _ sizes: GAN.Configuration, judge: SavedNetwork?, remark: (GAN) throws -> String?,
    batches: (_ batchSize: Int) throws -> Batches
  ) throws where Batches.Batch == Tensor {
    let (loss, penalty) = (loss ?? data.loss, penalty ?? data.penalty)
    try options.run(
      data.defaults, model: try GAN(sizes, seed: options.training.seed), save: { try $0.save(to: $1) },
      afterwards: { try show($0, judge: judge) }
    ) { model, course in
      try course.fit(
        &model, to: batches(course.batchSize), remark: { model, _ in try remark(model) }
      ) { try $0.loss($1, as: loss, penalty: penalty, in: $2) }
    }
  }

  /// Writes and judges what the model generates.
  private func show(_ model: GAN, judge: SavedNetwork?) throws {
    if options.json, let mixture = data.mixture {
      try StandardOutput.print(json: ModeCoverage(of: model, over: mixture, seed: options.training.seed))
    }
    guard samples != nil || picture != nil || judge != nil else { return }
    let examples = try generated(by: model)
    let images = data.mixture == nil ? try 0.5 * (examples + 1) : examples
    if let samples { try NPY.write(images, to: samples) }
    if let picture {
      try PNG.write(images.rows(0..<min(100, count)).tiled(columns: 10), to: picture)
    }
    if let judge, !options.quiet {
      let score = try ImageScore(of: images, by: judge)
      try options.json ? StandardOutput.print(json: score) : StandardOutput.print("\(score)")
    }
  }

  /// `count` examples, a few hundred at a time, since what the layers in between hold is many times larger.
  private func generated(by model: GAN) throws -> Tensor {
    var random = RandomSource(seed: options.training.seed)
    return try concatenate(
      stride(from: 0, to: count, by: 500).map { start in
        try model.generated(min(500, count - start), using: &random)
      }, along: 0)
  }
}

/// How many of the centers of points a generator has found.
private struct ModeCoverage: Encodable, CustomStringConvertible {
  let modes, centers: Int
  let near: Float

  init(of model: GAN, over mixture: GaussianMixture, seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let coverage = try mixture.coverage(of: model.generated(2500, using: &random))
    (modes, centers, near) = (coverage.modes, mixture.centers.count, Float(coverage.near))
  }

  var description: String { "\(modes) of \(centers) modes, \(near) of the points near one" }
}

extension AdversarialLoss: ExpressibleByArgument {}
