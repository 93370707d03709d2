import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct RecurrentNetworkTests {
  @Test(arguments: RecurrentKind.allCases) func overfitsEightExamples(_ kind: RecurrentKind) throws {
    let examples = try Examples(
      inputs: .normal([8, 5, 2], seed: 1), targets: .labels([0, 1, 2, 0, 1, 2, 0, 1], classes: 3))
    var model = try RecurrentNetwork(input: [5, 2], kind: kind, hidden: 16, outputs: 3).layers(seed: 1)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.02))
    try trainer.fit(&model, to: examples, epochs: 150, batchSize: 8)
    #expect(try model.evaluate(examples).accuracy == 1)
  }

  @Test func aClassifierLearnsEightSeriesOfDifferentLengths() throws {
    let series = try LabelledSeries(
      (0..<8).map { .normal([2 + $0 % 4, 2], seed: UInt64($0)) }, labels: (0..<8).map { $0 % 3 },
      classes: ["a", "b", "c"])
    var model = try SequenceClassifier(.init(features: 2, hidden: 8, classes: 3, dropout: 0.1), seed: 1)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.02))
    try trainer.fit(&model, to: series.dataset(batchSize: 8), epochs: 150) { model, batch, pass in
      try softmaxCrossEntropy(
        model(batch.series.values, lengths: batch.series.lengths, in: pass), batch.labels)
    }
    let scores = try model(series.padded.values, lengths: series.padded.lengths)
    #expect(scores.highestPositions == series.labels)
  }

  /// What a sequence is filled up with has no influence.
  @Test(arguments: RecurrentKind.allCases, [false, true]) func fillingChangesNothing(
    _ kind: RecurrentKind, _ isBidirectional: Bool
  ) throws {
    let model = try SequenceClassifier(
      .init(features: 3, kind: kind, hidden: 4, isBidirectional: isBidirectional, classes: 2), seed: 1)
    let short = Tensor.normal([1, 3, 3], seed: 1)
    let filled = try concatenate([short, Tensor(repeating: 7, shape: [1, 4, 3])], along: 1)
    expectClose(try model(filled, lengths: [3]).array, try model(short).array, tolerance: 1e-6)
  }

  @Test func badInputThrows() throws {
    #expect(throws: ShapeError.self) {
      try RecurrentNetwork(input: [5], hidden: 3, outputs: 1).layers(seed: 1)
    }
    #expect(throws: ShapeError.self) {
      try RecurrentNetwork(input: [5, 1], hidden: 0, outputs: 1).layers(seed: 1)
    }
    #expect(throws: ShapeError.self) {
      try SequenceClassifier(.init(features: 0, hidden: 3, classes: 2), seed: 1)
    }
    let model = try SequenceClassifier(.init(features: 2, hidden: 3, classes: 2), seed: 1)
    #expect(throws: ShapeError.self) { try model(.zeros([2, 3, 4])) }
    #expect(throws: ShapeError.self) { try model(.zeros([2, 3, 2]), lengths: [3, 4]) }
  }
}
