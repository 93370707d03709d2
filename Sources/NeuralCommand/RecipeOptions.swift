import ArgumentParser
import NeuralNetworks

/// What all recipes have in common: data, training, checkpoints, and what comes out.
struct RecipeOptions: ParsableArguments {
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

  /// Trains the network that `make` gives for the training examples and a seed.
  func run(_ defaults: RecipeDefaults, _ make: (Examples, UInt64) throws -> SavedNetwork) throws {
    if let output { try AtomicFile.checkWritable(output) }
    let data = try testSource.load(source)
    try compute.compute {
      var network = try make(data.training, training.seed)
      if !json, !quiet { try StandardOutput.print(network.model.summary) }
      let report = TrainingReport(json ? .json : quiet ? .silent : .progress)
      Interruption.watch()
      let start = ContinuousClock.now
      let history = try training.train(
        &network, on: data, with: defaults, checkpoints: saving.checkpoints, report: report)
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
