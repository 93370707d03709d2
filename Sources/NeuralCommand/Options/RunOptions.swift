import ArgumentParser
import NeuralNetworks

/// What all recipes have in common but their data: training, checkpoints, and what comes out.
struct RunOptions: ParsableArguments {
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

  /// Whether a recipe may print for people.
  var isForPeople: Bool { !json && !quiet }

  /// Checks that the model can be written when it is trained.
  func checkOutput() throws {
    if let output { try AtomicFile.checkWritable(output) }
  }

  /// One training, from a model to its file.
  ///
  /// - Parameters:
  ///   - model: what training begins with.
  ///   - save: writes the trained model.
  ///   - afterwards: what else is done with the trained model.
  ///   - fit: trains the model in place.
  func run<Model: Module>(
    _ defaults: RecipeDefaults, loss: Loss = .softmaxCrossEntropy, model: @autoclosure () throws -> Model,
    save: (Model, _ path: String) throws -> Void, afterwards: (Model) throws -> Void = { _ in },
    fit: (inout Model, inout Course) throws -> [EpochReport]
  ) throws {
    try checkOutput()
    try compute.compute {
      var model = try model()
      if isForPeople {
        try StandardOutput.print(
          (model as? Sequential)?.summary ?? "\(Model.self): \(model.parameterCount) parameters")
      }
      let report = TrainingReport(json ? .json : quiet ? .silent : .progress)
      var course = try training.course(defaults, loss: loss, report: report)
      course.trainer.checkpoints = saving.checkpoints
      Interruption.watch()
      let start = ContinuousClock.now
      let history = try fit(&model, &course)
      if let output { try save(model, output) }
      try report.end(
        model: output, history: history, seconds: start.duration(to: .now) / .seconds(1),
        backend: compute.backend)
      if Interruption.isRequested { throw Interrupted(checkpoint: report.checkpoint) }
      try afterwards(model)
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
