import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct ConvolutionalNetworkTests {
  @Test(arguments: [false, true]) func overfitsEightExamples(isRegularized: Bool) throws {
    let digits = Digits.load().training.split(first: 8).first
    let examples = try Examples(inputs: digits.inputs.reshaped(to: [8, 1, 8, 8]), targets: digits.targets)
    var model = try ConvolutionalNetwork(
      input: [1, 8, 8], filters: [8, 8], hidden: 32, outputs: 10, isRegularized: isRegularized
    ).layers(seed: 1)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.01))
    try trainer.fit(&model, to: examples, epochs: 120, batchSize: 8)
    #expect(try model.evaluate(examples).accuracy == 1)
  }

  @Test func itsShapesAreThoseOfTheTable() throws {
    let model = try ConvolutionalNetwork(input: [1, 28, 28], outputs: 10, isRegularized: true).layers(seed: 1)
    #expect(try model.outputShape(for: [1, 28, 28]) == [10])
    #expect(model.parameters.first { $0.path == "conv2.weight" }?.value.shape == [64, 32, 3, 3])
    #expect(model.parameters.first { $0.path == "hidden.weight" }?.value.shape == [128, 64 * 7 * 7])
    #expect(throws: ShapeError.self) {
      try ConvolutionalNetwork(input: [1, 2, 2], outputs: 10).layers(seed: 1)
    }
    #expect(throws: ShapeError.self) {
      try ConvolutionalNetwork(input: [1, 8, 8], outputs: 0).layers(seed: 1)
    }
  }
}
