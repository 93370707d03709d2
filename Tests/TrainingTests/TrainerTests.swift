import Interchange
import Layers
import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct TrainerTests {
  private func digitsModel(seed: UInt64) throws -> Sequential {
    try Sequential(input: [64], seed: seed) {
      Dense(outputs: 32, activation: .relu)
      Dense(outputs: 10)
    }
  }

  private func trained(seed: UInt64) throws -> (model: Sequential, history: [EpochReport]) {
    let data = Digits.load()
    var model = try digitsModel(seed: seed)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.2))
    let history = try trainer.fit(
      &model, to: data.training, validation: data.test, epochs: 12, batchSize: 16, seed: seed)
    return (model, history)
  }

  @Test func learnsTheDigits() throws {
    let (_, history) = try trained(seed: 1)
    #expect(history.count == 12)
    #expect((history.last?.validation?.accuracy ?? 0) > 0.94)
    #expect(history[11].training.loss < history[0].training.loss)
  }

  @Test func theSameSeedRepeatsBitForBit() throws {
    let (first, second, other) = (
      try trained(seed: 5).model, try trained(seed: 5).model, try trained(seed: 6).model
    )
    #expect(first.parameters.map(\.value) == second.parameters.map(\.value))
    #expect(first.parameters.map(\.value) != other.parameters.map(\.value))
  }

  /// The lecture: "with a linear activation function NN becomes Linear Regression".
  @Test func aLinearNetworkArrivesAtLeastSquares() throws {
    let (count, inputs) = (60, 4)
    let x = Tensor.normal([count, inputs], seed: 1)
    let noise = Tensor.normal([count, 1], seed: 2)
    let y = Tensor(shape: [count, 1]) { y in
      for row in 0..<count {
        y[row] = 3 * x[row, 0] - 2 * x[row, 1] + 0.5 * x[row, 3] + 1 + 0.3 * noise[row, 0]
      }
    }
    var model = try Sequential(input: [inputs], seed: 3) {
      Dense(outputs: 1, activation: .linear(slope: 2, intercept: -1))
    }
    var trainer = Trainer(loss: .meanSquaredError, optimizer: SGD(learningRate: 0.05))
    try trainer.fit(&model, to: Examples(inputs: x, targets: .values(y)), epochs: 600, batchSize: count)

    let design = try Matrix<Double>(
      rows: count, columns: inputs + 1,
      elements: (0..<count).flatMap { row in (0..<inputs).map { Double(x[row, $0]) } + [1] })
    let exact = try design.leastSquares(Matrix(rows: count, columns: 1, elements: y.array.map(Double.init)))
    let parameters = model.parameters.map(\.value.array)
    expectClose(
      parameters[0].map { 2 * $0 } + [2 * parameters[1][0] - 1], exact.elements.map { Float($0) },
      tolerance: 1e-4)
  }

  @Test func dataThatDoesNotFitIsRefusedBeforeTheFirstStep() throws {
    var model = try digitsModel(seed: 1)
    let before = model.parameters.map(\.value)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
    let wide = try Examples(inputs: .zeros([2, 65]), targets: .labels([0, 1], classes: 10))
    #expect(throws: ShapeError.self) { try trainer.fit(&model, to: wide, epochs: 1) }
    let unlabelled = try Examples(inputs: .zeros([2, 64]), targets: .values(.zeros([2, 10])))
    #expect(throws: DataError.self) { try trainer.fit(&model, to: unlabelled, epochs: 1) }
    #expect(model.parameters.map(\.value) == before)
  }

  @Test func divergenceIsAnError() throws {
    var model = try Sequential(input: [1], seed: 1) { Dense(outputs: 1) }
    var trainer = Trainer(loss: .meanSquaredError, optimizer: SGD(learningRate: 1e6))
    let data = try Examples(
      inputs: Tensor([1e6], shape: [1, 1]), targets: .values(Tensor([1], shape: [1, 1])))
    #expect(throws: TrainingError.self) { try trainer.fit(&model, to: data, epochs: 50) }
  }

  @Test func predictionsInBatchesEqualOneCall() throws {
    let model = try digitsModel(seed: 1)
    let inputs = Digits.load().test.inputs
    #expect(try model.predict(inputs, batchSize: 7).shape == [inputs.shape[0], 10])
    expectClose(try model.predict(inputs, batchSize: 7).array, try model(inputs).array, tolerance: 1e-6)
    #expect(throws: ShapeError.self) { try model.predict(.zeros([2, 63])) }
  }

  /// The products of a step: one a layer forward, and backward two a layer but one for the first.
  @Test func everyProductOfAStepGoesThroughTheBackend() throws {
    let log = ProductLog()
    try BLAS.$backend.withValue(log.backend) {
      var model = try Sequential(input: [6], seed: 1) {
        Dense(outputs: 5, activation: .relu)
        Dense(outputs: 4, activation: .tanh)
        Dense(outputs: 3)
      }
      let data = try Examples(inputs: .normal([2, 6], seed: 1), targets: .labels([0, 2], classes: 3))
      var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
      try trainer.fit(&model, to: data, epochs: 1, batchSize: 2)
    }
    // Forward; back, the last layer's weights among it; the other weights', which stay factors, with the step.
    let (first, second, third) = (6 * 5, 5 * 4, 4 * 3)
    let products = [first, second, third, third, third, second, first, second]
    #expect(log.products.map { $0.flops / 4 } == products)
  }

  @Test func whatOnlyTheLastStepSpoilsIsFound() throws {
    var model = try digitsModel(seed: 1)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 1e30))
    let data = Digits.load().training
    #expect(throws: TrainingError.self) {
      try trainer.fit(&model, to: data, validation: data, epochs: 1, batchSize: data.count)
    }
  }

  @Test func labelsBeyondTheOutputsAreRefusedBeforeTheFirstStep() throws {
    var model = try digitsModel(seed: 1)
    let before = model.parameters.map(\.value)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
    let eleven = try Examples(inputs: .zeros([2, 64]), targets: .labels([0, 10], classes: 11))
    #expect(throws: ShapeError.self) { try trainer.fit(&model, to: eleven, epochs: 1) }
    #expect(throws: ShapeError.self) {
      try trainer.fit(&model, to: Digits.load().training, validation: eleven, epochs: 1)
    }
    #expect(model.parameters.map(\.value) == before)
    #expect(throws: DataError.empty) {
      try model.evaluate(Examples(inputs: .zeros([0, 64]), targets: .labels([], classes: 10)))
    }
  }
}
