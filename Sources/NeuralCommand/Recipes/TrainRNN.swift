import ArgumentParser
import NeuralNetworks

/// `neural train rnn`.
struct TrainRNN: ParsableCommand {
  private static let defaults = RecipeDefaults(
    data: .sunspots, epochs: 400, batchSize: 16, optimizer: .adamw, learningRate: 5e-3, weightDecay: 0.1,
    schedule: .cosine,
    clip: 1)

  static let configuration = CommandConfiguration(
    commandName: "rnn", abstract: "A simple recurrent layer over the steps of an example.",
    discussion: defaults.description)

  @Option(help: "The recurrent layer: \(RecurrentKind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var kind = RecurrentKind.simple

  @Option(help: "Neurons of the recurrent layer.")
  var hidden = 8

  @Option(help: "Into how many steps an example is cut. (default: one number a step)")
  var steps: Int?

  @OptionGroup var recipe: RecipeOptions

  func run() throws {
    try recipe.run(Self.defaults) { examples, seed in
      let count = examples.exampleShape.count
      let steps = steps ?? count
      guard steps > 0, count % steps == 0 else {
        throw ValidationError("--steps does not divide the \(count) numbers of an example")
      }
      let network = RecurrentNetwork(
        input: [steps, count / steps], kind: kind, hidden: hidden, outputs: examples.outputs)
      return SavedNetwork(model: try network.layers(seed: seed), loss: examples.usualLoss)
    }
  }
}
