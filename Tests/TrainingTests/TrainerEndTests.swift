import Foundation
import Layers
import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing
import Training

/// The ways in which a training ends before its time.
@Suite(.onEveryBackend) struct TrainerEndTests {
  private let data = Digits.load()

  private func model() throws -> Sequential {
    try Sequential(input: [64], seed: 1) {
      Dense(outputs: 12, activation: .relu)
      Dense(outputs: 10)
    }
  }

  @Test func earlyStoppingRestoresTheBest() throws {
    // Too large a rate: the loss falls, and soon rises.
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.1))
    trainer.earlyStopping = EarlyStopping(patience: 2)
    var model = try model()
    let history = try trainer.fit(
      &model, to: data.training, validation: data.test, epochs: 60, batchSize: 64, seed: 2)
    let losses = history.compactMap { $0.validation?.loss }
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(history.count < 60)
    #expect(best == history.count - 1 - 3)
    #expect(try model.evaluate(data.test).loss == losses[best])
  }

  @Test func accuracyCanBeWatched() {
    func report(_ loss: Float, _ accuracy: Float?) -> EpochReport {
      EpochReport(
        epoch: 1, epochs: 1, training: Evaluation(loss: loss, accuracy: accuracy), validation: nil, seconds: 0
      )
    }
    #expect(EarlyStopping(patience: 1, measure: .accuracy).value(of: report(3, 0.5)) == -0.5)
    #expect(EarlyStopping(patience: 1, measure: .accuracy).value(of: report(3, nil)) == 3)
    #expect(EarlyStopping(patience: 1).value(of: report(3, 0.5)) == 3)
  }

  @Test func aWatcherStopsItAfterTheStepAtHand() throws {
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
    var (model, expected) = (try model(), try model())
    var steps = 0
    let history = try trainer.fit(&model, to: data.training, epochs: 3, batchSize: 64) { event in
      if case .batch(let report) = event { steps = report.step }
      if steps == 3 { throw StopTraining() }
    }
    #expect(history.isEmpty)
    #expect(steps == 3)
    struct Broken: Error {}
    #expect(throws: Broken.self) {
      try trainer.fit(&expected, to: data.training, epochs: 3, batchSize: 64) { event in
        if case .batch(let report) = event, report.step == 3 { throw Broken() }
      }
    }
    #expect(model.parameters.map(\.value) == expected.parameters.map(\.value))
  }

  @Test func aCancelledTaskEndsAfterTheStepAndSaves() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let (examples, start, backend) = (data.training, try model(), BLAS.backend)
    let task = Task {
      try BLAS.$backend.withValue(backend) {
        var (model, trainer) = (
          start, Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
        )
        trainer.checkpoints = Checkpoints(in: path)
        try trainer.fit(&model, to: examples, epochs: 1000, batchSize: 64) { event in
          if case .batch(let report) = event, report.step == 4 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try folder.names == ["step-000000000004.safetensors"])
  }

  @Test func theLayerWhereALossStopsBeingFiniteIsNamed() throws {
    let middle = try Sequential { Dense(outputs: 3, weightInitializer: .constant(3e38)).named("inner") }
    var model = try Sequential(input: [64], seed: 1) {
      Dense(outputs: 4).named("first")
      middle.named("middle")
      Dense(outputs: 10).named("last")
    }
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
    let text = message { try trainer.fit(&model, to: data.training, epochs: 1) }
    #expect(text.contains("from \"middle.inner\" on"), "\(text)")
  }

  @Test func aGradientThatIsNotFiniteIsNamedBeforeTheStep() throws {
    // A square root's slope at zero is infinite.
    struct Rooted: Layer {
      var dense = Dense(outputs: 1, weightInitializer: .constant(0))
      var description: String { "Rooted" }
      func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
        try squareRoot(dense(input, in: pass))
      }
      func outputShape(for input: Shape) throws -> Shape { try dense.outputShape(for: input) }
      mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
        try dense.initialize(for: input, using: &random)
      }
      mutating func visit(_ visitor: inout ModuleVisitor) { visitor.visit(&dense, named: "dense") }
    }
    var model = try Rooted().initialized(for: [2], seed: 1)
    let before = model.parameters.map(\.value)
    let examples = try Examples(
      inputs: .normal([4, 2], seed: 1), targets: .values(.normal([4, 1], seed: 2)))
    var trainer = Trainer(loss: .meanSquaredError, optimizer: SGD(learningRate: 0.1))
    let text = message { try trainer.fit(&model, to: examples, epochs: 1) }
    #expect(text.contains("the gradient of \"dense.bias\" is not finite in epoch 1, batch 1"), "\(text)")
    #expect(model.parameters.map(\.value) == before)
  }

  @Test func aLossOfOnesOwnOverAnyBatches() throws {
    struct Pairs: Dataset {
      struct Batches: BatchIterator {
        var seeds: ArraySlice<UInt64>
        mutating func next() -> (Tensor, Tensor)? {
          seeds.popFirst().map { seed in
            let x = Tensor.normal([8, 2], seed: seed)
            return (
              x, Tensor(shape: [8, 1]) { y in for row in 0..<8 { y[row] = 2 * x[row, 0] - x[row, 1] } }
            )
          }
        }
      }
      var batchCount: Int? { nil }
      func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Batches {
        Batches(seeds: (0..<20).map { seed + 20 * UInt64(epoch) + $0 }.dropFirst(batch))
      }
    }
    var model = try Sequential(input: [2], seed: 1) { Dense(outputs: 1) }
    var trainer = Trainer(loss: .meanSquaredError, optimizer: SGD(learningRate: 0.1))
    let history = try trainer.fit(&model, to: Pairs(), epochs: 5) { model, batch, pass in
      try meanSquaredError(model(batch.0, in: pass), batch.1)
    }
    #expect(history.count == 5)
    #expect(history[4].training.loss < 1e-4)
    #expect(history[4].training.accuracy == nil)
  }
}

/// Not on every backend: processes of their own, on the pure-Swift one.
@Suite struct TrainingProcessTests {
  @Test func theNumberOfThreadsChangesNoBit() async {
    await #expect(processExitsWith: .success) {
      try BLAS.$backend.withValue(SwiftBackend()) {
        let data = Digits.load().training
        let weights = try [1, 2].map { count in
          Threads.count = count
          var model = try Sequential(input: [64], seed: 1) {
            Dense(outputs: 400, activation: .tanh)
            BatchNorm()
            Dropout(0.5)
            Dense(outputs: 300, activation: .relu)
            LayerNorm()
            Dense(outputs: 10)
          }
          var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: AdamW(learningRate: 1e-3))
          trainer.clipping = .norm(0.5)
          trainer.average = MovingAverage()
          try trainer.fit(&model, to: data, epochs: 1, batchSize: 200, seed: 3)
          return model.state.map(\.value)
        }
        try #require(weights[0] == weights[1])
      }
    }
  }

  @Test func memoryStaysAsItIs() async {
    await #expect(processExitsWith: .success) {
      let data = Digits.load().training
      var model = try Sequential(input: [64], seed: 1) {
        Dense(outputs: 64, activation: .relu)
        BatchNorm()
        Dropout(0.2)
        Dense(outputs: 10)
      }
      var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam())
      trainer.average = MovingAverage()
      trainer.batchesPerStep = 2
      var pages: [Int] = []
      // 90 batches an epoch, two a step.
      try trainer.fit(&model, to: data, validation: data, epochs: 112, batchSize: 16) { event in
        if case .batch(let report) = event, report.step == 200 || report.step == 5000 {
          let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
          pages.append(Int(text.split(separator: " ")[1]) ?? 0)
        }
      }
      try #require(pages.count == 2 && pages[0] > 0)
      try #require(Double(abs(pages[1] - pages[0])) < 0.02 * Double(pages[0]), "\(pages) pages")
    }
  }
}
