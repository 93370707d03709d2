import ArgumentParser
import NeuralNetworks

/// `neural evaluate MODEL`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints a saved network's loss and accuracy.",
    discussion: "On the test examples of a named set, or on all examples of a file.")

  @Argument(help: "A network saved by \"neural train\".")
  var model: String

  @OptionGroup var source: DataOptions
  @OptionGroup var compute: ComputeOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let network = try SavedNetwork.load(model)
    let test = try source.file.map(source.load(file:)) ?? source.load().test
    let line = EvaluationLine(
      try compute.compute {
        try network.model.evaluate(test.shaped(for: network.model), loss: network.loss)
      })
    try json ? StandardOutput.print(json: line) : StandardOutput.print("\(line)")
  }
}

/// An evaluation as one line of text or one JSON object; there, what there is not is `null`.
struct EvaluationLine: Encodable, CustomStringConvertible {
  private let loss: Float
  private let accuracy: Float?

  init(_ evaluation: Evaluation) { (loss, accuracy) = (evaluation.loss, evaluation.accuracy) }

  private enum CodingKeys: CodingKey { case loss, accuracy }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode(loss, forKey: .loss)
    try object.encode(accuracy, forKey: .accuracy)
  }

  var description: String { "loss \(loss)" + (accuracy.map { "  accuracy \($0)" } ?? "") }
}
