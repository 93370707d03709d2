import ArgumentParser
import NeuralNetworks

/// What the recipes have in common whose data is examples in memory.
struct RecipeOptions: ParsableArguments {
  @OptionGroup var source: DataOptions
  @OptionGroup var testSource: TestDataOptions
  @OptionGroup var options: RunOptions

  /// Trains the network that `make` gives for the training examples and a seed.
  ///
  /// - Parameter augmentations: changes to the images that it learns from.
  func run(
    _ defaults: RecipeDefaults, augmentations: [Augmentation] = [],
    _ make: (Examples, UInt64) throws -> SavedNetwork
  ) throws {
    try options.checkOutput()
    let data = try testSource.load(source, orElse: defaults.data ?? .digits)
    let network = try options.compute.compute { try make(data.training, options.training.seed) }
    try options.run(
      defaults, loss: network.loss, model: network.model,
      save: { try SavedNetwork(model: $0, loss: network.loss).save(to: $1) },
      afterwards: { model in
        // Otherwise the test examples were shown epoch by epoch.
        guard options.training.heedsValidation(defaults), !options.quiet else { return }
        let line = EvaluationLine(try model.evaluate(data.test.shaped(for: model), loss: network.loss))
        try options.json ? StandardOutput.print(json: line) : StandardOutput.print("test  \(line)")
      }
    ) { try $1.fit(&$0, to: data, augmentations: augmentations) }
  }
}
