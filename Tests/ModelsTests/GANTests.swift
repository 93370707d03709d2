import Interchange
import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct GANTests {
  /// See `Tests/Fixtures/gan.py`.
  @Test func tenStepsFollowPyTorch() throws {
    let file = try Safetensors(fixture: "gan")
    func stored(_ name: String) throws -> Tensor { try #require(file[name], "\(name)") }
    var gan = try GAN(.images(latent: 3, width: 2), seed: 1)
    let paths = gan.state.map(\.path)
    let values = Dictionary(uniqueKeysWithValues: try paths.map { ($0, try stored("before.\($0)")) })
    gan.updateParameters { parameter, path in parameter = values[path] ?? parameter }
    gan.updateBuffers { buffer, path in buffer = Buffer(values[path] ?? buffer.value) }

    let (real, noise) = (try stored("real"), try stored("noise"))
    var losses: [Float] = []
    var descent = SGD(learningRate: 0.1)
    for _ in 0..<10 {
      let pass = Pass(.training)
      let (loss, gradients) = try gan.valueAndGradients { try $0.loss(real, noise: noise, in: pass) }
      try descent.update(&gan, with: gradients)
      pass.commit(to: &gan)
      losses.append(try loss.item())
    }
    expectClose(losses, try stored("losses").array, tolerance: 1e-5, "losses")
    for (path, value) in gan.state {
      expectClose(value.array, try stored("after.\(path)").array, tolerance: 1e-4, path)
    }
  }

  /// Each network's gradient is that of its own loss, as if the other were a constant.
  @Test(arguments: AdversarialLoss.allCases) func eachNetworkLearnsItsOwnLoss(_ kind: AdversarialLoss) throws
  {
    let gan = try GAN(.points(latent: 3, hidden: 6), seed: 2)
    let (real, noise) = (Tensor.normal([5, 2], seed: 1), Tensor.normal([5, 3], seed: 2))
    let (_, both) = try gan.valueAndGradients {
      try $0.loss(real, noise: noise, as: kind, in: Pass(.training))
    }
    let generated = try gan.generator(noise)
    let (_, ofCritic) = try gan.critic.valueAndGradients {
      try kind.critic(real: $0(real), generated: $0(generated))
    }
    let (_, ofGenerator) = try gan.generator.valueAndGradients {
      try kind.generator(real: gan.critic(real), generated: gan.critic($0(noise)))
    }
    for (name, gradients) in [("critic", ofCritic), ("generator", ofGenerator)] {
      for path in gradients.paths {
        let expected = try #require(gradients[path]).array
        let actual = try #require(both["\(name).\(path)"]).array
        expectClose(actual, expected, tolerance: 1e-6, "\(name).\(path)")
      }
    }
  }

  @Test func thePenaltyIsTheCriticsAlone() throws {
    let gan = try GAN(.points(latent: 3, hidden: 6), seed: 2)
    let (real, noise) = (Tensor.normal([5, 2], seed: 1), Tensor.normal([5, 3], seed: 2))
    func gradients(_ penalty: Float) throws -> Gradients {
      try gan.valueAndGradients {
        try $0.loss(real, noise: noise, penalty: penalty, in: Pass(.training, seed: 4))
      }.gradients
    }
    let (without, with) = (try gradients(0), try gradients(2))
    for path in without.paths where path.hasSuffix("weight") {
      #expect((without[path] == with[path]) == path.hasPrefix("generator"), "\(path)")
    }
  }

  /// The generator learns where the points are: all of one small cloud, in a short training.
  @Test func theGeneratorFindsACloud() throws {
    let mixture = GaussianMixture(centers: [SIMD2(1.5, -1)], deviation: 0.3)
    var gan = try GAN(.points(latent: 4, hidden: 16), seed: 1)
    var trainer = Trainer(
      loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 2e-3, meanDecay: 0.5), schedule: LinearDecay()
    )
    try trainer.fit(&gan, to: mixture.dataset(batchSize: 64, batchCount: 400), epochs: 2, seed: 1) {
      try $0.loss($1, penalty: 0.1, in: $2)
    }
    var random = RandomSource(seed: 9)
    let points = try gan.generated(500, using: &random)
    let center = try mean(points, along: [0]).array
    #expect(abs(center[0] - 1.5) < 0.4 && abs(center[1] + 1) < 0.4, "\(center)")
    #expect(try mixture.coverage(of: points).near > 0.6)
  }

  @Test func imagesAreAsLargeAsFashion() throws {
    var random = RandomSource(seed: 1)
    let images = try GAN(.images(latent: 5, width: 3), seed: 1).generated(2, using: &random)
    #expect(images.shape == [2, 1, 28, 28])
    #expect(images.array.allSatisfy { abs($0) <= 1 })
  }

  @Test func badInputThrows() throws {
    for sizes: GAN.Configuration in [
      .images(latent: 0, width: 2), .images(latent: 2, width: 0), .points(latent: 2, hidden: 0),
      .points(latent: -1, hidden: 4),
    ] {
      #expect(throws: ShapeError.self) { try GAN(sizes, seed: 1) }
    }
    let gan = try GAN(.points(latent: 2, hidden: 3), seed: 1)
    #expect(throws: ShapeError.self) { try gan.loss(.zeros([4, 3]), in: Pass(.training)) }
    #expect(throws: ShapeError.self) {
      try gan.loss(.zeros([4, 2]), noise: .zeros([4, 3]), in: Pass(.training))
    }
    #expect(throws: ShapeError.self) { try gan.loss(Tensor(scalar: 1), in: Pass(.training)) }
  }
}
