import ArgumentParser
import NeuralNetworks

/// How a network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: "Passes over the training examples.")
  var epochs: Int?

  @Option(help: "Examples in a step.")
  var batchSize: Int?

  @OptionGroup var optimization: OptimizerOptions

  @Option(help: "Stop after more than so many epochs without a better validation loss, and take the best.")
  var earlyStopping: Int?

  @Option(help: "Decides initial weights and the order of examples.")
  var seed: UInt64 = 0

  func validate() throws {
    if let epochs, epochs < 1 { throw ValidationError("--epochs is at least 1, not \(epochs)") }
    if let batchSize, batchSize < 1 { throw ValidationError("--batch-size is at least 1, not \(batchSize)") }
    if let earlyStopping, earlyStopping < 0 {
      throw ValidationError("--early-stopping is at least 0, not \(earlyStopping)")
    }
  }

  /// The training that these options and a recipe's defaults come to.
  func course(_ defaults: RecipeDefaults, loss: Loss, report: TrainingReport) throws -> Course {
    var trainer = Trainer(
      loss: loss, optimizer: ChosenOptimizer(try optimization.rule(defaults)),
      schedule: optimization.course(defaults))
    trainer.clipping = (optimization.clip ?? defaults.clip).map { .norm($0) }
    trainer.batchesPerStep = optimization.accumulate
    trainer.earlyStopping = earlyStopping.map { EarlyStopping(patience: $0) }
    return Course(
      epochs: epochs ?? defaults.epochs, batchSize: batchSize ?? defaults.batchSize, seed: seed,
      report: report.show, isForPeople: report.style == .progress, trainer: trainer)
  }
}
