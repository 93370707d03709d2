import ArgumentParser
import NeuralNetworks

/// `neural train RECIPE`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network and saves it.", subcommands: [TrainMLP.self])
}

/// `neural train mlp`.
struct TrainMLP: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mlp", abstract: "Fully connected layers with ReLU.")

  @OptionGroup var source: DataOptions
  @OptionGroup var testSource: TestDataOptions
  @OptionGroup var training: TrainingOptions
  @OptionGroup var saving: CheckpointOptions
  @OptionGroup var compute: ComputeOptions

  @Option(name: .customLong("out"), help: "The safetensors file to write. (default: none)")
  var output: String?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    if json, quiet { throw ValidationError("--json prints, and --quiet does not") }
  }

  func run() throws {
    if let output { try AtomicFile.checkWritable(output) }
    let data = try testSource.load(source)
    try compute.compute {
      var network = try training.model(for: data.training)
      if !json, !quiet { try StandardOutput.print(network.model.layers.summary) }
      let report = TrainingReport(json ? .json : quiet ? .silent : .progress)
      Interruption.watch()
      let start = ContinuousClock.now
      let history = try training.train(
        &network, on: data, checkpoints: saving.checkpoints, report: report)
      if let output { try network.save(to: output) }
      try report.end(
        model: output, history: history, seconds: start.duration(to: .now) / .seconds(1),
        backend: compute.backend)
      if Interruption.isRequested { throw Interrupted(checkpoint: report.checkpoint) }
    }
  }
}

/// A training that its user stopped.
struct Interrupted: Error, CustomStringConvertible {
  /// The last checkpoint, if there is one.
  let checkpoint: String?

  var description: String {
    "interrupted" + (checkpoint.map { "; go on from \($0) with --resume" } ?? "")
  }
}
