import ArgumentParser
import NeuralNetworks

/// How a network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: "Passes over the training examples.")
  var epochs: Int?

  @Option(help: "Examples in a step.")
  var batchSize: Int?

  @OptionGroup var optimization: OptimizerOptions

  @Option(
    help: """
      Stop after more than so many epochs without a better loss on a part of the training data that is not learnt from, and \
      take the best.
      """)
  var earlyStopping: Int?

  @Option(help: "Decides initial weights and the order of examples.")
  var seed: UInt64 = 0

  func validate() throws {
    try check("--epochs", epochs)
    try check("--batch-size", batchSize)
    try check("--early-stopping", earlyStopping, atLeast: 0)
  }

  /// Whether the losses on what is not learnt from steer the training: then that cannot be what it is tested on.
  func heedsValidation(_ defaults: RecipeDefaults) -> Bool {
    earlyStopping != nil || (optimization.schedule ?? defaults.schedule) == .plateau
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
      heedsValidation: heedsValidation(defaults), report: report.show, isForPeople: report.style == .progress,
      trainer: trainer)
  }
}
