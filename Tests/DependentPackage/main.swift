import NeuralNetworks

let examples = try Examples(
  inputs: Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2]), targets: .labels([0, 1, 1, 0], classes: 2))
var model = try Sequential(input: [2], seed: 1) {
  Dense(outputs: 8, activation: .tanh)
  Dense(outputs: 2)
}
var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.5))
try trainer.fit(&model, to: examples, epochs: 500, batchSize: 4)

let answers = try model(examples.inputs).highestPositions
guard answers == [0, 1, 1, 0] else { fatalError("XOR was not learnt: \(answers)") }
print("XOR learnt with backends \(BLAS.available.map(\.name)): \(answers)")
