import Layers
import Operations
import Tensors

/// A generative adversarial network: a generator makes examples of noise, and a critic learns to tell them from real ones.
///
///     var gan = try GAN(.images(latent: 64, width: 32), seed: 7)
///     try trainer.fit(&gan, to: images, epochs: 10) { gan, batch, pass in try gan.loss(batch.inputs, in: pass) }
///     let samples = try gan.generated(64, using: &random)
///
/// A step moves both at once: each of the two losses reaches the parameters of its own network alone. Source: the lecture,
/// section "Generative adversarial networks"; Goodfellow et al., "Generative adversarial nets", 2014.
public struct GAN: ConfiguredModule {
  /// What is generated, and the sizes of both networks.
  public enum Configuration: Codable, Sendable, Hashable {
    /// Images of 28 × 28 by transposed convolutions of so many filters, batch normalization in the generator and spectral
    /// normalization in the critic: Radford, Metz and Chintala, "Unsupervised representation learning with deep
    /// convolutional generative adversarial networks", 2016; Miyato et al., "Spectral normalization for generative
    /// adversarial networks", 2018.
    case images(latent: Int, width: Int)

    /// Points of a plane by fully connected layers.
    case points(latent: Int, hidden: Int)

    /// Numbers of noise that an example is made of.
    public var latent: Int {
      switch self {
      case .images(let latent, _), .points(let latent, _): latent
      }
    }
  }

  /// The sizes.
  public let configuration: Configuration

  /// Makes examples of noise.
  public private(set) var generator: Sequential

  /// Gives a score to an example, the higher the more real.
  public private(set) var critic: Sequential

  /// Networks of the given sizes, their parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    self.configuration = configuration
    var random = RandomSource(seed: seed)
    let (first, second) = (random.next(), random.next())
    switch configuration {
    case .images(let latent, let width):
      try checkSizes(of: "GAN", ["noise": latent, "filters": width])
      generator = try Self.imageGenerator(latent, width, seed: first)
      critic = try Self.imageCritic(width, seed: second)
    case .points(let latent, let hidden):
      try checkSizes(of: "GAN", ["noise": latent, "neurons": hidden])
      generator = try Self.layers(latent, hidden, outputs: 2, .relu, seed: first)
      critic = try Self.layers(2, hidden, outputs: 1, .leakyRelu(slope: 0.2), seed: second)
    }
  }

  private static func imageGenerator(_ latent: Int, _ width: Int, seed: UInt64) throws -> Sequential {
    let start = Initializer.normal(mean: 0, deviation: 0.02)
    return try Sequential(input: [latent], seed: seed) {
      Dense(outputs: 2 * width * 49, bias: false, weightInitializer: start).named("project")
      Reshape([2 * width, 7, 7]).named("reshape")
      BatchNorm().named("norm1")
      Activation.relu.named("relu1")
      TransposedConvolution2D(
        outputs: width, kernel: 4, stride: 2, padding: 1, bias: false, weightInitializer: start
      ).named("deconv1")
      BatchNorm().named("norm2")
      Activation.relu.named("relu2")
      TransposedConvolution2D(
        outputs: 1, kernel: 4, stride: 2, padding: 1, activation: .tanh, weightInitializer: start
      ).named("deconv2")
    }
  }

  private static func imageCritic(_ width: Int, seed: UInt64) throws -> Sequential {
    try Sequential(input: [1, 28, 28], seed: seed) {
      for (number, outputs) in [(1, width), (2, 2 * width)] {
        SpectralNormalized(
          Convolution2D(
            outputs: outputs, kernel: 4, stride: 2, padding: 1, activation: .leakyRelu(slope: 0.2))
        ).named("conv\(number)")
      }
      Flatten().named("flatten")
      SpectralNormalized(Dense(outputs: 1)).named("output")
    }
  }

  private static func layers(
    _ inputs: Int, _ hidden: Int, outputs: Int, _ activation: Activation, seed: UInt64
  ) throws -> Sequential {
    try Sequential(input: [inputs], seed: seed) {
      for number in 1...3 {
        Dense(outputs: hidden, activation: activation, weightInitializer: .heUniform).named("hidden\(number)")
      }
      Dense(outputs: outputs).named("output")
    }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&generator, named: "generator")
    visitor.visit(&critic, named: "critic")
  }

  /// The sum of both networks' losses, of which each network's parameters get the gradient of their own.
  ///
  /// - Parameters:
  ///   - real: `[batch, …]`, images in [−1, 1].
  ///   - noise: `[batch, latent]`, of which the generator makes examples; drawn from the pass's randomness if `nil`.
  ///   - kind: what the two make small.
  ///   - penalty: the weight of the critic's ``gradientPenalty(of:between:and:norm:in:)``, whose slope is to be 1 for the
  ///     Wasserstein loss and 0 for the others; 0 for none.
  /// - Throws: ``ShapeError`` if the examples are not what the critic takes, or the noise not what the generator does.
  public func loss(
    _ real: Tensor, noise: Tensor? = nil, as kind: AdversarialLoss = .nonSaturating, penalty: Float = 0,
    in pass: Pass
  ) throws -> Tensor {
    var random = pass.splitRandomness()
    let generated = try generator(
      noise ?? self.noise(real.shape.array.first ?? 0, using: &random), in: pass)
    let scores = try critic(real, in: pass)
    var sum = try kind.critic(real: scores, generated: critic(generated.detached, in: pass))
    if penalty > 0 {
      let slope: Float = kind == .wasserstein ? 1 : 0
      sum =
        try sum + penalty
        * gradientPenalty(of: critic, between: real, and: generated, norm: slope, in: pass)
    }
    // A critic of constants: the generator's error terms pass through it and leave nothing there.
    var judge = critic
    judge.updateParameters { parameter, _ in parameter = parameter.detached }
    return try sum + kind.generator(real: scores.detached, generated: judge(generated, in: pass))
  }

  /// So many new examples, in inference; what the layers hold meanwhile is many times larger than they are.
  ///
  /// - Throws: ``ShapeError`` if the generator was given parameters of other shapes.
  public func generated(_ count: Int, using random: inout RandomSource) throws -> Tensor {
    try generator(noise(max(0, count), using: &random), in: .inference)
  }

  /// Normal numbers, `[count, latent]`.
  private func noise(_ count: Int, using random: inout RandomSource) -> Tensor {
    Tensor(shape: [count, configuration.latent]) { elements in
      for index in elements.indices { elements[index] = random.normal() }
    }
  }
}
