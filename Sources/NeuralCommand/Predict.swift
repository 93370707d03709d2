import ArgumentParser
import NeuralNetworks

/// `neural predict MODEL --input FILE --output FILE`.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a saved network's outputs for the rows of a file.",
    discussion: "Files ending in .npy are read and written as NumPy's arrays, all others as CSV.")

  @Argument(help: "A network saved by \"neural train\".")
  var model: String

  @Option(help: "The inputs, a row an example; .npy or .csv.")
  var input: String

  @Option(help: "The outputs, a row an example; .npy or .csv. (default: CSV to standard output)")
  var output: String?

  @Flag(help: "Write the classes' probabilities instead of their scores.")
  var probabilities = false

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    if let output { try AtomicFile.checkWritable(output) }
    let network = try SavedNetwork.load(model)
    var inputs = input.hasSuffix(".npy") ? try NPY.read(input) : try CSV.read(input).values
    inputs = try network.shaped(inputs)
    guard inputs.isFinite else { throw FileError(path: input, reason: "holds NaN or infinity") }
    guard !probabilities || network.loss == .softmaxCrossEntropy else {
      throw ValidationError("--probabilities are a classifier's, and \(model) predicts values")
    }
    let outputs = try compute.compute {
      let scores = try network.model.predict(inputs)
      return probabilities ? try softmax(scores) : scores
    }
    switch output {
    case let path? where path.hasSuffix(".npy"): try NPY.write(outputs, to: path)
    case let path?: try CSV.write(outputs, to: path)
    case nil: try StandardOutput.print(CSV.text(outputs), terminator: "")
    }
  }
}
