import ArgumentParser
import NeuralNetworks

/// `neural train lstm-text`.
struct TrainLSTMText: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 8, batchSize: 64, optimizer: .adam, learningRate: 3e-3, schedule: .cosine, warmup: 100, clip: 1)

  static let configuration = CommandConfiguration(
    commandName: "lstm-text", abstract: "A character model: an embedding and LSTMs that write text.",
    discussion: defaults.description)

  @Option(help: "The size of a character's vector.")
  var dimension = 64

  @Option(help: "Neurons of an LSTM.")
  var hidden = 384

  @Option(help: "LSTMs on each other.")
  var layers = 1

  @Option(help: "The rate of dropout.")
  var dropout: Float = 0

  @OptionGroup var text: TextOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    try text.run(options, Self.defaults) { vocabulary, seed in
      try RecurrentLanguageModel(
        .init(vocabulary: vocabulary, dimension: dimension, hidden: hidden, layers: layers, dropout: dropout),
        seed: seed)
    }
  }
}

/// `neural train transformer`.
struct TrainTransformer: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 3, batchSize: 32, optimizer: .adamw, learningRate: 2e-3, weightDecay: 0.1, schedule: .cosine,
    warmup: 200, clip: 1)

  static let configuration = CommandConfiguration(
    commandName: "transformer", abstract: "A character model: a decoder-only transformer that writes text.",
    discussion: defaults.description)

  @Option(help: "The size of a character's vector.")
  var dimension = 128

  @Option(help: "Heads of each attention.")
  var heads = 4

  @Option(help: "Blocks on each other.")
  var layers = 4

  @Option(help: "The rate of dropout.")
  var dropout: Float = 0

  @OptionGroup var text: TextOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    try text.run(options, Self.defaults) { vocabulary, seed in
      try TransformerLanguageModel(
        .init(
          vocabulary: vocabulary, context: text.length, dimension: dimension, heads: heads, layers: layers,
          dropout: dropout),
        seed: seed)
    }
  }
}
