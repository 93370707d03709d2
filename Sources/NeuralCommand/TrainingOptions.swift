import ArgumentParser
import NeuralNetworks

/// How a network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: "Passes over the training examples.")
  var epochs = 5

  @Option(help: "Examples in a step.")
  var batchSize = 32

  @Option(help: "The step's size along the gradient.")
  var learningRate: Float = 0.1

  @Option(help: "How the learning rate changes: linear, falling to nothing, or constant.")
  var schedule = LearningRate.linear

  @Option(help: "Decides initial weights and the order of examples.")
  var seed: UInt64 = 0

  @Option(help: "The hidden layers' neurons, with commas between; \"\" for a linear model.")
  var hidden = Widths(values: [256, 128])

  /// The schedules that can be named.
  enum LearningRate: String, ExpressibleByArgument, CaseIterable {
    case constant, linear
  }

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
    if !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is a positive number, not \(learningRate)")
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
    _ network: inout SavedNetwork, on data: (training: Examples, test: Examples), report: TrainingReport
  ) throws -> [EpochReport] {
    let schedule: any Schedule = schedule == .linear ? LinearDecay() : ConstantSchedule()
    var trainer = Trainer(
      loss: network.loss, optimizer: SGD(learningRate: learningRate), schedule: schedule)
    return try trainer.fit(
      &network.model, to: data.training, validation: data.test, epochs: epochs, batchSize: batchSize,
      seed: seed,
      report: report.show)
  }
}
