import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Ten steps of each network of layers in a row from the weights of a twin in PyTorch; see `Tests/Fixtures/models.py`.
@Suite(.onEveryBackend) struct NetworksReferenceTests {
  private static let networks: [String: @Sendable () throws -> Sequential] = [
    "convolutional": {
      try ConvolutionalNetwork(input: [1, 8, 8], filters: [3, 4], hidden: 5, outputs: 3).layers(seed: 1)
    },
    "regularized-convolutional": {
      try ConvolutionalNetwork(
        input: [1, 8, 8], filters: [3, 4], hidden: 5, outputs: 3, isRegularized: true, dropout: 0
      ).layers(seed: 1)
    },
    "multilayer-perceptron": {
      try MultilayerPerceptron(.init(inputs: 6, hidden: [5, 4], outputs: 3), seed: 1).layers
    },
    "deep": { try deep(.none) },
    "deep-batch": { try deep(.batch) },
    "deep-layer": { try deep(.layer) },
    "recurrent": { try RecurrentNetwork(input: [5, 2], hidden: 4, outputs: 3).layers(seed: 1) },
    "linear-regression": { try LinearRegression(inputs: 6, outputs: 2).layers(seed: 1) },
  ]

  private static func deep(_ normalization: DeepNetwork.Normalization) throws -> Sequential {
    try DeepNetwork(inputs: 6, depth: 6, width: 4, outputs: 3, normalization: normalization).layers(seed: 1)
  }

  @Test(arguments: try ReferenceCase.all(in: "models")) func tenStepsFollowPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let name = reference.testDescription.replacing("models: ", with: "")
    let network = try #require(Self.networks[name])
    try checkModule(network(), against: reference, steps: 10) { try $0($1[0], in: $2) }
  }

  @Test func everyNetworkHasATwin() throws {
    #expect(try ReferenceCase.all(in: "models").count == Self.networks.count)
  }
}
