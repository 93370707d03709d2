import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct MultilayerPerceptronTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      MultilayerPerceptron(.init(inputs: 3, hidden: [5, 4], outputs: 2, activation: .tanh), seed: 1),
      input: [3], output: [2],
      parameters: [
        "hidden1.weight": [5, 3], "hidden1.bias": [5], "hidden2.weight": [4, 5], "hidden2.bias": [4],
        "output.weight": [2, 4], "output.bias": [2],
      ], wrongInput: [4])
  }

  @Test func overfitsEightExamples() throws {
    let examples = try Examples(
      inputs: .normal([8, 5], seed: 1), targets: .labels([0, 1, 2, 0, 1, 2, 0, 1], classes: 3))
    var model = try MultilayerPerceptron(.init(inputs: 5, hidden: [16], outputs: 3), seed: 2)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.3))
    let history = try trainer.fit(&model, to: examples, validation: examples, epochs: 300, batchSize: 8)
    #expect(history.last?.validation?.accuracy == 1)
    #expect((history.last?.validation?.loss ?? 1) < 0.02)
  }

  @Test func impossibleSizesThrow() {
    #expect(throws: ShapeError.self) {
      try MultilayerPerceptron(.init(inputs: 0, hidden: [2], outputs: 1), seed: 1)
    }
    #expect(throws: ShapeError.self) {
      try MultilayerPerceptron(.init(inputs: 2, hidden: [0], outputs: 1), seed: 1)
    }
  }
}
