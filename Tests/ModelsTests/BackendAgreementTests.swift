import Layers
import LinearAlgebra
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

/// A model that was trained on one backend predicts the same on every other, to 1e-4.
@Suite(.onEveryBackend) struct BackendAgreementTests {
  /// Trains by a few steps on the backend at hand and compares what `predict` gives on all.
  private func check<Model: Module>(
    _ model: Model, loss: (Model, Pass) throws -> Tensor, predict: (Model) throws -> Tensor,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var model = model
    var optimizer = Adam(learningRate: 0.01)
    for step in 0..<10 {
      let pass = Pass(.training, seed: UInt64(step))
      let (_, gradients) = try model.valueAndGradients { try loss($0, pass) }
      try optimizer.update(&model, with: gradients)
      pass.commit(to: &model)
    }
    let trained = model
    let here = try predict(trained)
    for backend in BLAS.available {
      let there = try BLAS.$backend.withValue(backend) { try predict(trained) }
      expectClose(
        there.array, here.array, tolerance: 1e-4, "\(Model.self) on \(backend.name)",
        sourceLocation: sourceLocation)
    }
  }

  private func classify(_ model: Sequential, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let input = Tensor.normal(try #require(model.input).prepending(6), seed: 1)
    let labels = [0, 1, 2, 0, 1, 2]
    try check(
      model, loss: { try softmaxCrossEntropy($0(input, in: $1), labels) }, predict: { try $0(input) },
      sourceLocation: sourceLocation)
  }

  @Test func classifiers() throws {
    try classify(MultilayerPerceptron(.init(inputs: 30, hidden: [40, 20], outputs: 3), seed: 1).layers)
    try classify(DeepNetwork(inputs: 30, outputs: 3, normalization: .batch).layers(seed: 1))
    for isRegularized in [false, true] {
      try classify(
        ConvolutionalNetwork(input: [1, 12, 12], outputs: 3, isRegularized: isRegularized).layers(seed: 1))
    }
    for kind in RecurrentKind.allCases {
      try classify(RecurrentNetwork(input: [9, 4], kind: kind, hidden: 24, outputs: 3).layers(seed: 1))
    }
  }

  @Test func modelsOfSequences() throws {
    let series = Tensor.normal([3, 7, 5], seed: 2)
    try check(
      SequenceClassifier(.init(features: 5, hidden: 24, classes: 3), seed: 1),
      loss: { try softmaxCrossEntropy($0(series, lengths: [7, 2, 4], in: $1), [0, 1, 2]) },
      predict: { try $0(series, lengths: [7, 2, 4]) })

    var random = RandomSource(seed: 3)
    let texts = Indices((0..<60).map { _ in Int.random(in: 0..<9, using: &random) }, columns: 15)
    try check(
      RecurrentLanguageModel(.init(vocabulary: 9, dimension: 16, hidden: 32), seed: 1),
      loss: { try $0.loss(texts, in: $1) }, predict: { try $0.scores(texts, in: .inference) })
    try check(
      TransformerLanguageModel(
        .init(vocabulary: 9, context: 16, dimension: 32, heads: 4, layers: 2), seed: 1),
      loss: { try $0.loss(texts, in: $1) }, predict: { try $0.scores(texts, in: .inference) })

    let (sources, targets) = ([[0, 3, 1], [2], [1, 1, 2, 3]], [[1, 0], [2, 2, 0], [0]])
    try check(
      EncoderDecoder(.init(sourceVocabulary: 4, targetVocabulary: 3, dimension: 16, hidden: 16), seed: 1),
      loss: { try $0.loss(sources, targets, in: $1) }, predict: { try $0.scores(sources, targets) })
    try check(
      PlainEncoderDecoder(
        .init(sourceVocabulary: 4, targetVocabulary: 5, beginning: 3, end: 4, dimension: 16, hidden: 16),
        seed: 1),
      loss: { try $0.loss(sources, targets, in: $1) }, predict: { try $0.scores(sources, targets) })
    try check(
      SkipGram(.init(vocabulary: 9, dimension: 16), seed: 1),
      loss: { model, _ in try model.loss([1, 2, 3, 4], texts) },
      predict: { try $0.scores([1, 2, 3, 4], texts) })
  }

  @Test func generators() throws {
    let noise = Tensor.normal([4, 8], seed: 1)
    let images = Tensor.normal([4, 1, 28, 28], seed: 2)
    try check(
      GAN(.images(latent: 8, width: 8), seed: 1), loss: { try $0.loss(images, noise: noise, in: $1) },
      predict: { try $0.generator(noise) })
    let points = Tensor.normal([4, 2], seed: 3)
    try check(
      GAN(.points(latent: 8, hidden: 32), seed: 1),
      loss: { try $0.loss(points, noise: noise, penalty: 0.1, in: $1) }, predict: { try $0.generator(noise) })
  }
}
