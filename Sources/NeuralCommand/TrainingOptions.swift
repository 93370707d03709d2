import ArgumentParser
import NeuralNetworks

/// How a network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: "Passes over the training examples.")
  var epochs = 5

  @Option(help: "Examples in a step.")
  var batchSize = 32

  @OptionGroup var optimization: OptimizerOptions

  @Option(help: "Stop after more than so many epochs without a better validation loss, and take the best.")
  var earlyStopping: Int?

  @Option(help: "Decides initial weights and the order of examples.")
  var seed: UInt64 = 0

  @Option(help: "The hidden layers' neurons, with commas between; \"\" for a linear model.")
  var hidden = Widths(values: [256, 128])

  /// Sizes of layers as "256,128" gives them.
  struct Widths: ExpressibleByArgument {
    let values: [Int]

    init(values: [Int]) { self.values = values }

    init?(argument: String) {
      let parts = argument.isEmpty ? [] : argument.split(separator: ",", omittingEmptySubsequences: false)
      values = parts.compactMap { Int($0) }.filter { $0 > 0 && $0 <= 1 << 20 }
      if values.count != parts.count { return nil }
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
  }

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs is at least 1, not \(epochs)") }
    if batchSize < 1 { throw ValidationError("--batch-size is at least 1, not \(batchSize)") }
    if let earlyStopping, earlyStopping < 0 {
      throw ValidationError("--early-stopping is at least 0, not \(earlyStopping)")
    }
  }

  /// The network for such examples, before training.
  func model(for examples: Examples) throws -> SavedNetwork {
    let outputs =
      switch examples.targets {
      case .labels(_, let classes): classes
      case .values(let values): values.shape[-1]
      }
    let sizes = MultilayerPerceptron.Configuration(
      inputs: examples.exampleShape.count, hidden: hidden.values, outputs: outputs)
    let loss: Loss = if case .labels = examples.targets { .softmaxCrossEntropy } else { .meanSquaredError }
    return SavedNetwork(model: try MultilayerPerceptron(sizes, seed: seed), loss: loss)
  }

  /// Trains the network in place.
  func train(
    _ network: inout SavedNetwork, on data: (training: Examples, test: Examples),
    checkpoints: Checkpoints? = nil, report: TrainingReport
  ) throws -> [EpochReport] {
    func train<Rule: Optimizer>(by rule: Rule) throws -> [EpochReport] {
      var trainer = Trainer(loss: network.loss, optimizer: rule, schedule: optimization.course)
      trainer.clipping = optimization.clip.map { .norm($0) }
      trainer.batchesPerStep = optimization.accumulate
      trainer.earlyStopping = earlyStopping.map { EarlyStopping(patience: $0) }
      trainer.checkpoints = checkpoints
      return try trainer.fit(
        &network.model, to: data.training, validation: data.test, epochs: epochs, batchSize: batchSize,
        seed: seed, report: report.show)
    }
    return try train(by: optimization.rule)
  }
}

/// Where a training is saved on its way.
struct CheckpointOptions: ParsableArguments {
  @Option(help: "The folder for checkpoints. (default: none)")
  var checkpoint: String?

  @Option(help: "Steps from one checkpoint to the next, beside each epoch's end.")
  var checkpointEvery: Int?

  @Flag(help: "Go on from the newest checkpoint in the folder, if there is one.")
  var resume = false

  func validate() throws {
    if checkpoint == nil, resume || checkpointEvery != nil {
      throw ValidationError("--resume and --checkpoint-every belong to --checkpoint")
    }
    if let checkpointEvery, checkpointEvery < 1 {
      throw ValidationError("--checkpoint-every is at least 1, not \(checkpointEvery)")
    }
  }

  var checkpoints: Checkpoints? {
    checkpoint.map { folder in
      Checkpoints(in: folder, every: checkpointEvery.map { .steps($0) } ?? .epochs, resumes: resume)
    }
  }
}
