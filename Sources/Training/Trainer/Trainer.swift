import Layers
import Tensors

/// Trains a model: the loop over epochs and batches, with all that a long training needs.
///
///     var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: AdamW(learningRate: 3e-4))
///     trainer.schedule = LinearWarmup(steps: 500, then: CosineDecay())
///     trainer.clipping = .norm(1)
///     trainer.earlyStopping = EarlyStopping(patience: 5)
///     trainer.checkpoints = Checkpoints(in: "run", every: .steps(1000), resumes: true)
///     let history = try trainer.fit(&model, to: training, validation: test, epochs: 50, batchSize: 128, seed: 7)
///
/// The same seed, backend and number of threads give the same weights bit for bit, and on the pure-Swift backend any number
/// of threads does; so does a training that was ended anywhere and resumed from its last checkpoint.
public struct Trainer<Rule: Optimizer>: Sendable {
  /// What is made small.
  public var loss: Loss

  /// How gradients change parameters.
  public var optimizer: Rule

  /// How the optimizer's learning rate changes on the way.
  public var schedule: any Schedule

  /// How gradients are kept from one step too long; `nil` leaves them as they are.
  public var clipping: GradientClipping?

  /// Batches whose mean gradient makes a step, at least 1; the last step of an epoch may have fewer.
  public var batchesPerStep = 1

  /// An average of the parameters to keep on the way, updated after each step.
  public var average: MovingAverage?

  /// When to stop before all epochs are over; `nil` for never.
  public var earlyStopping: EarlyStopping?

  /// Where and when the training is saved; `nil` for nowhere.
  public var checkpoints: Checkpoints?

  /// A trainer for a loss, by an optimizer.
  public init(loss: Loss, optimizer: Rule, schedule: any Schedule = ConstantSchedule()) {
    self.loss = loss
    self.optimizer = optimizer
    self.schedule = schedule
  }

  /// Trains `model` in place on examples in memory and returns a report for each epoch.
  ///
  /// - Parameters:
  ///   - training: what it learns from.
  ///   - validation: what it is evaluated on after each epoch.
  ///   - seed: of the order of examples and the randomness of layers.
  ///   - report: called after each step, epoch and checkpoint; if it throws ``StopTraining``, the training ends there
  ///     without an error, and with any other error it ends in that.
  /// - Throws: ``ShapeError`` or ``DataError`` before the first step if the examples fit neither model nor loss;
  ///   ``TrainingError`` if loss, gradients or parameters are no longer finite, before a step with such gradients;
  ///   `CancellationError` after the step at hand if the task is cancelled; ``FileError`` or ``StateError`` if a checkpoint
  ///   cannot be written, or one to resume from cannot be read or is another training's. `model` then has the steps taken.
  @discardableResult
  public mutating func fit<Model: Layer>(
    _ model: inout Model, to training: Examples, validation: Examples? = nil, epochs: Int,
    batchSize: Int = 32, seed: UInt64 = 0, report: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> [EpochReport] {
    let data = try training.dataset(batchSize: batchSize)
    for examples in [training, validation].compactMap(\.self) { try loss.check(examples, for: model) }
    return try fit(
      &model, to: data, validation: validation, epochs: epochs, seed: seed, report: report)
  }

  /// Trains `model` in place on batches of examples, from memory or from wherever they come.
  ///
  /// - Throws: as the form for examples in memory does; a batch that does not fit is found when its turn comes.
  @discardableResult
  public mutating func fit<Model: Layer, Data: Dataset>(
    _ model: inout Model, to data: Data, validation: Examples? = nil, epochs: Int, seed: UInt64 = 0,
    report: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> [EpochReport] where Data.Batch == Examples {
    let loss = self.loss
    let objective = Objective<Model, Examples>(
      loss: { model, batch, pass in
        let output = try model(batch.inputs, in: pass)
        return (try loss(output, batch.targets), output.detached)
      },
      count: \.count, targets: \.targets)
    return try run(
      &model, to: data, objective, epochs: epochs, seed: seed, report: report,
      validate: { model in
        try validation.map { examples in
          var evaluation = try model.evaluate(examples, loss: loss)
          // Kept for every epoch, it would grow with the square of the classes.
          evaluation.confusion = nil
          return evaluation
        }
      })
  }

  /// Trains any module on any batches by a loss of your own.
  ///
  ///     try trainer.fit(&translator, to: pairs, epochs: 10) { translator, batch, pass in
  ///       try softmaxCrossEntropy(translator(batch.source, batch.target, in: pass), batch.labels)
  ///     }
  ///
  /// The trainer's own ``loss`` is not used. Each batch counts alike in the mean losses reported.
  ///
  /// - Parameters:
  ///   - validate: evaluates the module after each epoch.
  ///   - loss: the loss of a batch, a scalar.
  /// - Throws: as the form for examples in memory does, and what `loss`, `validate` and the data throw.
  @discardableResult
  public mutating func fit<Model: Module, Data: Dataset>(
    _ model: inout Model, to data: Data, epochs: Int, seed: UInt64 = 0,
    validate: (Model) throws -> Evaluation? = { _ in nil },
    report: (TrainingEvent) throws -> Void = { _ in },
    loss: (Model, Data.Batch, Pass) throws -> Tensor
  ) throws -> [EpochReport] {
    try withoutActuallyEscaping(loss) { loss in
      let objective = Objective<Model, Data.Batch>(
        loss: { (try loss($0, $1, $2), nil) }, count: { _ in 1 }, targets: { _ in nil })
      return try run(
        &model, to: data, objective, epochs: epochs, seed: seed, report: report, validate: validate)
    }
  }
}

/// What a training makes small, and what it counts.
struct Objective<Model, Batch> {
  /// The loss of a batch, and the output if it is to be compared with targets.
  let loss: (Model, Batch, Pass) throws -> (Tensor, output: Tensor?)

  /// The weight of a batch in the mean loss of an epoch.
  let count: (Batch) -> Int

  /// What the output is compared with.
  let targets: (Batch) -> Targets?
}
