import ArgumentParser
import NeuralNetworks

/// `neural train perceptron`.
struct TrainPerceptron: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perceptron",
    abstract: "One Heaviside neuron that tells a class from the rest, by its own rule.",
    discussion: """
      Ends with the first epoch without a mistake, which comes sooner or later if a plane separates the class from the rest, \
      and never if none does.
      """)

  @OptionGroup var source: DataOptions
  @OptionGroup var compute: ComputeOptions

  @Option(name: .customLong("class"), help: "The class to be told from the rest.")
  var positive = 0

  @Option(help: "Passes over the training examples, at the most.")
  var epochs = 100

  @Option(help: "λ, the size of a correction.")
  var learningRate: Float = 1

  @Option(help: "Decides the order of examples.")
  var seed: UInt64 = 0

  func validate() throws {
    try check("--epochs", epochs)
    if !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is a positive number, not \(learningRate)")
    }
  }

  func run() throws {
    let data = try source.load()
    try compute.compute {
      var model = try Perceptron(inputs: data.training.exampleShape.count, outputs: 1)
      let training = try model.fit(
        data.training.inputs, try targets(of: data.training), rate: learningRate, epochs: epochs, seed: seed)
      for (epoch, mistakes) in training.mistakes.enumerated() {
        try StandardOutput.print("epoch \(epoch + 1)  mistakes \(mistakes) of \(data.training.count)")
      }
      let answers = try model.predict(data.test.inputs).array
      let right = zip(answers, try targets(of: data.test).array).count { $0 == $1 }
      try StandardOutput.print(
        training.converged
          ? "separated: an epoch without a mistake"
          : "not separated within \(epochs) epochs; perhaps no plane does")
      try StandardOutput.print("test accuracy \(Double(right) / Double(max(1, data.test.count)))")
    }
  }

  /// 1 for examples of the class and 0 for the others.
  private func targets(of examples: Examples) throws -> Tensor {
    guard case .labels(let labels, let classes) = examples.targets, 0..<classes ~= positive else {
      throw ValidationError("--class \(positive) is not one of the classes")
    }
    return try Tensor(labels.map { $0 == positive ? 1 : 0 }, shape: [labels.count, 1])
  }
}
