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
    let data = try testSource.load(source)
    let network = try make(data.training, options.training.seed)
    try options.run(
      defaults, loss: network.loss, model: network.model,
      save: { try SavedNetwork(model: $0, loss: network.loss).save(to: $1) }
    ) { try $1.fit(&$0, to: data, augmentations: augmentations) }
  }
}
