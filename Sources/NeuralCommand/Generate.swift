import ArgumentParser
import NeuralNetworks

/// `neural generate MODEL --prompt TEXT`.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes text with a character model.",
    discussion: "A model saved by \"neural train lstm-text\" or \"neural train transformer\".")

  @Argument(help: "The character model.")
  var model: String

  @Option(help: "The text's beginning.")
  var prompt = "And"

  @Option(help: "Characters to write after it.")
  var length = 400

  @Option(help: "How far the text may stray from what is likeliest; 0 for the likeliest each time.")
  var temperature: Float = 0.7

  @Option(help: "Decides which text of the possible ones.")
  var seed: UInt64 = 0

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if prompt.isEmpty { throw ValidationError("--prompt has at least one character") }
    try check("--length", length, atLeast: 0)
    if !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("--temperature is at least 0, not \(temperature)")
    }
  }

  func run() throws {
    let saved = try SavedLanguageModel.load(model)
    let beginning = Tokenizer.characters.tokens(in: prompt)
    if let unknown = beginning.first(where: { saved.vocabulary[$0] == 0 }) {
      throw ValidationError("the model does not know the character \"\(unknown)\" of the prompt")
    }
    var random = RandomSource(seed: seed)
    let tokens = try compute.compute {
      try saved.model.continuation(
        of: saved.vocabulary.encode(beginning), count: length, temperature: temperature, using: &random)
    }
    try StandardOutput.print(prompt + Tokenizer.characters.text(of: saved.vocabulary.decode(tokens)))
  }
}
