import ArgumentParser
import NeuralNetworks

/// One training as the options and a recipe's defaults have it.
struct Course {
  let epochs: Int
  let batchSize: Int
  let seed: UInt64

  /// Whether the losses after each epoch steer the training.
  let heedsValidation: Bool

  let report: (TrainingEvent) throws -> Void
  let isForPeople: Bool
  var trainer: Trainer<ChosenOptimizer>

  /// Trains a network on examples in memory, and shows after each epoch how it does on the test examples; or, where that steers
  /// the training, on a tenth of the training examples, which it does not learn from.
  mutating func fit(
    _ model: inout Sequential, to data: (training: Examples, test: Examples),
    augmentations: [Augmentation] = []
  ) throws -> [EpochReport] {
    let shape = model.input ?? data.training.exampleShape
    var (training, validation) = (try data.training.shaped(shape), try data.test.shaped(shape))
    if heedsValidation {
      (validation, training) = training.split(share: 0.1, seed: seed)
      guard validation.count > 0 else {
        throw ValidationError("there are too few examples to set some apart that steer the training")
      }
    }
    // Of one example alone batch normalization knows no variance; left out, it is another one in each epoch.
    let leavesOne = batchSize > 1 && training.count > batchSize && training.count % batchSize == 1
    let batches = try training.dataset(batchSize: batchSize, dropsLast: leavesOne)
    return try trainer.fit(
      &model, to: batches.augmented(by: augmentations), validation: validation, epochs: epochs, seed: seed,
      report: report)
  }

  /// Trains a module by a loss of its own.
  ///
  /// - Parameters:
  ///   - validate: evaluates the module after each epoch.
  ///   - remark: what else is to be said of the module then, for people.
  mutating func fit<Model: Module, Data: Dataset>(
    _ model: inout Model, to data: Data, validate: (Model) throws -> Evaluation? = { _ in nil },
    remark: (Model, Evaluation?) throws -> String? = { _, _ in nil },
    loss: (Model, Data.Batch, Pass) throws -> Tensor
  ) throws -> [EpochReport] {
    let (report, isForPeople) = (report, isForPeople)
    var text: String?
    return try trainer.fit(
      &model, to: data, epochs: epochs, seed: seed,
      validate: { model in
        let evaluation = try validate(model)
        if isForPeople { text = try remark(model, evaluation) }
        return evaluation
      },
      report: { event in
        try report(event)
        if case .epoch = event, let text { try StandardOutput.print("  " + text) }
      },
      loss: loss)
  }
}

/// The optimizer that the options name.
struct ChosenOptimizer: Optimizer {
  private var rule: any Optimizer

  init(_ rule: any Optimizer) { self.rule = rule }

  var learningRate: Float {
    get { rule.learningRate }
    set { rule.learningRate = newValue }
  }

  mutating func update(_ model: inout some Module, with gradients: Gradients) throws {
    try rule.update(&model, with: gradients)
  }

  func check(_ model: some Module) throws { try rule.check(model) }

  var state: OptimizerState { rule.state }

  mutating func restore(_ state: OptimizerState) throws { try rule.restore(state) }

  var kind: String { rule.kind }
}
