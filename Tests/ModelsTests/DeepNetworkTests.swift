import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct DeepNetworkTests {
  private func network(_ normalization: DeepNetwork.Normalization, depth: Int = 24) throws -> Sequential {
    try DeepNetwork(inputs: 12, depth: depth, width: 16, outputs: 4, normalization: normalization)
      .layers(seed: 1)
  }

  private var examples: Examples {
    get throws {
      try Examples(
        inputs: .normal([8, 12], seed: 1), targets: .labels([0, 1, 2, 3, 0, 1, 2, 3], classes: 4))
    }
  }

  /// How much shorter the gradient of the first layer's weights is than that of the last one's.
  private func shrinking(_ normalization: DeepNetwork.Normalization) throws -> Float {
    let (model, examples) = (try network(normalization), try examples)
    let (_, gradients) = try model.valueAndGradients {
      try Loss.softmaxCrossEntropy($0(examples.inputs, in: Pass(.training)), examples.targets)
    }
    func length(_ path: String) throws -> Float {
      try #require(gradients[path]).array.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    return try length("hidden1.weight") / length("hidden24.weight")
  }

  @Test func gradientsVanishWithoutNormalization() throws {
    #expect(try shrinking(.none) < 1e-9)
    #expect(try shrinking(.batch) > 0.1)
  }

  @Test(arguments: [DeepNetwork.Normalization.none, .batch]) func normalizationLetsItLearnEightExamples(
    _ normalization: DeepNetwork.Normalization
  ) throws {
    var model = try network(normalization)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.01))
    try trainer.fit(&model, to: examples, epochs: 80, batchSize: 8)
    let accuracy = try #require(model.evaluate(examples).accuracy)
    #expect(normalization == .batch ? accuracy == 1 : accuracy <= 0.5)
  }

  @Test func itsLayersHaveTheNamesThatItSays() throws {
    #expect(
      try network(.layer, depth: 2).elements.map(\.name) == [
        "hidden1", "norm1", "activation1", "hidden2", "norm2", "activation2", "output",
      ])
    #expect(try network(.none, depth: 0).elements.map(\.name) == ["output"])
    #expect(throws: ShapeError.self) { try DeepNetwork(inputs: 0, outputs: 2).layers(seed: 1) }
    #expect(throws: ShapeError.self) { try DeepNetwork(inputs: 2, width: 0, outputs: 2).layers(seed: 1) }
    #expect(throws: ShapeError.self) { try DeepNetwork(inputs: 2, depth: -1, outputs: 2).layers(seed: 1) }
  }
}
