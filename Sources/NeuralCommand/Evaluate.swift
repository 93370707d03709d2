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
    var test = try source.isFile ? source.loadFile() : source.load().test
    if let input = network.model.input, input.count == test.exampleShape.count {
      test = try test.shaped(input)
    }
    let evaluation = try compute.compute { try network.model.evaluate(test, loss: network.loss) }
    if json {
      return try StandardOutput.print(json: Line(loss: evaluation.loss, accuracy: evaluation.accuracy))
    }
    try StandardOutput.print(
      "loss \(evaluation.loss)" + (evaluation.accuracy.map { "  accuracy \($0)" } ?? ""))
  }

  /// The evaluation as one JSON object; the accuracy of a regression is `null`.
  private struct Line: Encodable {
    let loss: Float
    let accuracy: Float?

    private enum CodingKeys: CodingKey { case loss, accuracy }

    func encode(to encoder: any Encoder) throws {
      var object = encoder.container(keyedBy: CodingKeys.self)
      try object.encode(loss, forKey: .loss)
      try object.encode(accuracy, forKey: .accuracy)
    }
  }
}
