import Foundation
import Layers
import Tensors

/// Trains a model on examples: the loop over epochs and shuffled mini-batches.
///
///     var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
///     let history = try trainer.fit(&model, to: training, validation: test, epochs: 5, batchSize: 32, seed: 7)
///
/// The same seed, backend and number of threads give the same weights bit for bit.
public struct Trainer<Rule: Optimizer>: Sendable {
  /// What is made small.
  public var loss: Loss

  /// How gradients change parameters.
  public var optimizer: Rule

  /// How the optimizer's learning rate changes on the way.
  public var schedule: any Schedule

  /// A trainer for a loss, by an optimizer.
  public init(loss: Loss, optimizer: Rule, schedule: any Schedule = ConstantSchedule()) {
    self.loss = loss
    self.optimizer = optimizer
    self.schedule = schedule
  }

  /// Trains `model` in place and returns a report for each epoch.
  ///
  /// - Parameters:
  ///   - training: what it learns from.
  ///   - validation: what it is evaluated on after each epoch.
  ///   - seed: of the order of examples and the randomness of layers.
  ///   - report: called after each batch and each epoch; what it throws ends the training.
  /// - Throws: ``ShapeError`` or ``DataError`` before the first step if the examples fit neither model nor loss;
  ///   ``TrainingError`` if the loss, or after an epoch a parameter, is no longer finite; no step is taken with such a loss.
  @discardableResult
  public mutating func fit<Model: Layer>(
    _ model: inout Model, to training: Examples, validation: Examples? = nil, epochs: Int,
    batchSize: Int = 32,
    seed: UInt64 = 0, report: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> [EpochReport] {
    guard batchSize > 0 else { throw DataError.batchSize(batchSize) }
    for examples in [training, validation].compactMap(\.self) { try loss.check(examples, for: model) }
    guard epochs > 0 else { return [] }
    let learningRate = optimizer.learningRate
    defer { optimizer.learningRate = learningRate }
    var random = RandomSource(seed: seed)
    var history: [EpochReport] = []
    for epoch in 1...epochs {
      let start = ContinuousClock.now
      var running = RunningEvaluation()
      let batches = training.batches(of: batchSize, shuffledBy: &random)
      for (index, batch) in batches.enumerated() {
        let progress = Double(epoch - 1) + Double(index) / Double(batches.count)
        optimizer.learningRate = learningRate * schedule.factor(at: Float(progress / Double(epochs)))
        try self.step(
          &model, batch, Pass(.training, seed: random.next()), &running, epoch: epoch, number: index + 1)
        try report(
          .batch(
            BatchReport(
              epoch: epoch, epochs: epochs, batch: index + 1, batches: batches.count, soFar: running.result)))
      }
      let seconds = start.duration(to: .now) / .seconds(1)
      let evaluation = try validation.map { try model.evaluate($0, loss: loss) }
      try checkFinite(
        model, loss: evaluation?.loss ?? running.result.loss, epoch: epoch, batch: batches.count)
      let summary = EpochReport(
        epoch: epoch, epochs: epochs, training: running.result, validation: evaluation, seconds: seconds)
      history.append(summary)
      try report(.epoch(summary))
    }
    return history
  }

  /// The last step of an epoch may have spoilt what no later loss would show.
  private func checkFinite(_ model: some Layer, loss: Float, epoch: Int, batch: Int) throws {
    let isFinite = loss.isFinite && model.parameters.allSatisfy { $0.value.isFinite }
    guard isFinite else { throw TrainingError.diverged(loss: loss, epoch: epoch, batch: batch) }
  }

  /// One step: feed forward, back, update.
  private mutating func step<Model: Layer>(
    _ model: inout Model, _ batch: Examples, _ pass: Pass, _ running: inout RunningEvaluation, epoch: Int,
    number: Int
  ) throws {
    var output: Tensor?
    let (value, gradients) = try model.valueAndGradients { model in
      let result = try model(batch.inputs, in: pass)
      output = result.detached
      return try loss(result, batch.targets)
    }
    let batchLoss = try value.item()
    guard batchLoss.isFinite else {
      throw TrainingError.diverged(loss: batchLoss, epoch: epoch, batch: number)
    }
    try optimizer.update(&model, with: gradients)
    pass.commit(to: &model)
    running.add(loss: batchLoss, count: batch.count)
    if let output { running.add(output, batch.targets) }
  }
}

/// Training that cannot go on.
public enum TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The loss became NaN or infinite.
  case diverged(loss: Float, epoch: Int, batch: Int)

  public var description: String {
    switch self {
    case .diverged(let loss, let epoch, let batch):
      "the loss became \(loss) in epoch \(epoch), batch \(batch): try a smaller learning rate"
    }
  }
}
