import ArgumentParser
import NeuralNetworks

/// `neural train linear-regression`.
struct TrainLinearRegression: ParsableCommand {
  private static let defaults = RecipeDefaults(
    data: .abalone, epochs: 4000, batchSize: 1 << 14, optimizer: .adam, learningRate: 0.3, schedule: .cosine)

  static let configuration = CommandConfiguration(
    commandName: "linear-regression",
    abstract: "One linear layer, whose training ends where least squares begin.",
    discussion: defaults.description)

  @OptionGroup var recipe: RecipeOptions

  func run() throws {
    try recipe.run(Self.defaults) { examples, seed in
      guard case .values(let values) = examples.targets, examples.exampleShape.rank == 1 else {
        throw ValidationError("linear-regression wants rows of numbers, with values to predict")
      }
      let network = LinearRegression(
        inputs: examples.exampleShape.count, outputs: values.shape.droppingFirst.count)
      return SavedNetwork(model: try network.layers(seed: seed), loss: .meanSquaredError)
    }
  }
}
