import ArgumentParser
import Foundation
import NeuralNetworks

/// `neural train RECIPE`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network and saves it.", subcommands: [TrainMLP.self])
}

/// Settings that every recipe has.
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

  @Option(name: .customLong("out"), help: "The safetensors file to write. (default: none)")
  var output: String?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  /// The schedules that can be named.
  enum LearningRate: String, ExpressibleByArgument, CaseIterable {
    case constant, linear
  }

  /// The trainer for a loss, with these settings.
  func trainer(for loss: Loss) -> Trainer<SGD> {
    let schedule: any Schedule = schedule == .linear ? LinearDecay() : ConstantSchedule()
    return Trainer(loss: loss, optimizer: SGD(learningRate: learningRate), schedule: schedule)
  }

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs is at least 1, not \(epochs)") }
    if batchSize < 1 { throw ValidationError("--batch-size is at least 1, not \(batchSize)") }
    if !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is a positive number, not \(learningRate)")
    }
  }
}

/// `neural train mlp`.
struct TrainMLP: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mlp", abstract: "Fully connected layers with ReLU.")

  @OptionGroup var source: DataOptions
  @OptionGroup var training: TrainingOptions
  @OptionGroup var compute: ComputeOptions

  @Option(help: "The hidden layers' neurons, with commas between; \"\" for a linear model.")
  var hidden = "256,128"

  func run() throws {
    if let output = training.output { try AtomicFile.checkWritable(output) }
    let data = try source.load()
    let configuration = try MultilayerPerceptron.Configuration(for: data.training, hidden: hidden)
    try compute.compute {
      var model = try MultilayerPerceptron(configuration, seed: training.seed)
      let loss: Loss = data.training.targets.hasLabels ? .softmaxCrossEntropy : .meanSquaredError
      if !training.json { print(model.layers.summary) }
      let report = TrainingReport(json: training.json, examples: data.training.count)
      let start = ContinuousClock.now
      var trainer = training.trainer(for: loss)
      let history = try trainer.fit(
        &model, to: data.training, validation: data.test, epochs: training.epochs,
        batchSize: training.batchSize,
        seed: training.seed, report: report.show)
      if let output = training.output { try SavedNetwork(model: model, loss: loss).save(to: output) }
      report.end(
        model: training.output, history: history, seconds: start.duration(to: .now) / .seconds(1),
        backend: compute.backend)
    }
  }
}

extension MultilayerPerceptron.Configuration {
  /// The network for examples of this kind, with hidden layers as "256,128" says.
  init(for examples: Examples, hidden: String) throws {
    let widths = try hidden.split(separator: ",").map { text in
      guard let width = Int(text.trimmingCharacters(in: .whitespaces)), width > 0, width < 1 << 20 else {
        throw ValidationError("--hidden is a list of numbers such as 256,128, not \"\(hidden)\"")
      }
      return width
    }
    let outputs =
      switch examples.targets {
      case .labels(_, let classes): classes
      case .values(let values): values.shape[-1]
      }
    self.init(inputs: examples.exampleShape.count, hidden: widths, outputs: outputs)
  }
}

extension Targets {
  /// Whether the targets are classes.
  var hasLabels: Bool { if case .labels = self { true } else { false } }
}
