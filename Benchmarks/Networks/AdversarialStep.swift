import NeuralNetworks

extension NetworkStep {
  /// The family gan: images of 28 × 28 by transposed convolutions from noise, told from given ones by a critic of two
  /// convolutions. A step is one of each; the generated images of the critic's step serve the generator's too.
  static func adversarial(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["latent", "width", "batch"])
    let (latent, width) = (try workload.number("latent"), try workload.number("width"))
    let batch = try workload.number("batch")
    var generator = try Sequential(input: [latent], seed: 0) {
      Dense(outputs: 2 * width * 49)
      Reshape([2 * width, 7, 7])
      BatchNorm()
      Activation.relu
      TransposedConvolution2D(outputs: width, kernel: 4, stride: 2, padding: 1)
      BatchNorm()
      Activation.relu
      TransposedConvolution2D(outputs: 1, kernel: 4, stride: 2, padding: 1, activation: .tanh)
    }
    var critic = try Sequential(input: [1, 28, 28], seed: 1) {
      Convolution2D(outputs: width, kernel: 4, stride: 2, padding: 1, activation: .leakyRelu(slope: 0.2))
      Convolution2D(outputs: 2 * width, kernel: 4, stride: 2, padding: 1, activation: .leakyRelu(slope: 0.2))
      Flatten()
      Dense(outputs: 1)
    }
    var (ofGenerator, ofCritic) = (Adam(learningRate: 1e-4), Adam(learningRate: 1e-4))
    var random = RandomSource(seed: 2)
    let real = uniform([batch, 1, 28, 28], &random) { 2 * $0 - 1 }
    return NetworkStep {
      let noise = Tensor(shape: [batch, latent]) { for index in $0.indices { $0[index] = random.normal() } }
      let pass = Pass(.training)
      let (_, gradients) = try generator.valueAndGradients { generator in
        let generated = try generator(noise, in: pass)
        let (_, gradients) = try critic.valueAndGradients { critic in
          try AdversarialLoss.nonSaturating.critic(
            real: critic(real, in: pass), generated: critic(generated.detached, in: pass))
        }
        try ofCritic.update(&critic, with: gradients)
        return try AdversarialLoss.nonSaturating.generator(generated: critic(generated, in: pass))
      }
      try ofGenerator.update(&generator, with: gradients)
      pass.commit(to: &generator)
    }
  }
}
