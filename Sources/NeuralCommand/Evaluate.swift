import ArgumentParser
import NeuralNetworks

/// `neural evaluate MODEL`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints a saved network's loss and accuracy on test examples.")

  @Argument(help: "A network saved by \"neural train\".")
  var model: String

  @OptionGroup var source: DataOptions
  @OptionGroup var compute: ComputeOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let network = try SavedNetwork.load(model)
    let test = try source.load().test
    let evaluation = try compute.compute { try network.model.evaluate(test, loss: network.loss) }
    if json { return try printJSON(evaluation) }
    print("loss \(evaluation.loss)" + (evaluation.accuracy.map { "  accuracy \($0)" } ?? ""))
  }
}
