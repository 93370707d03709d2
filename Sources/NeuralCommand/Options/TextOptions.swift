import ArgumentParser
import Foundation
import NeuralNetworks

/// A text to learn from, and what is written after its manner.
struct TextOptions: ParsableArguments {
  @Option(help: "king-james, the King James Bible, or a file of text in UTF-8.")
  var data = "king-james"

  @OptionGroup var installation: InstallOption

  @Option(help: "Characters that the model looks back on in training.")
  var length = 128

  @Option(help: "Characters to write when the training is over.")
  var sample = 400

  @Option(help: "How far the sample may stray from what is likeliest.")
  var temperature: Float = 0.7

  func validate() throws {
    try check("--length", length, atLeast: 2)
    try check("--sample", sample, atLeast: 0)
    if !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("--temperature is at least 0, not \(temperature)")
    }
  }

  /// The text's characters by number: the first nine tenths to learn from, the last to test on.
  func load() throws -> (vocabulary: Vocabulary, training: [Int], test: [Int]) {
    let text = data == "king-james" ? try KingJames.text(installation) : try Tokenizer.text(contentsOf: data)
    let tokens = Tokenizer.characters.tokens(in: text)
    let vocabulary = Vocabulary(of: tokens)
    let numbers = vocabulary.encode(tokens)
    let end = numbers.count * 9 / 10
    guard end > 2 * length, numbers.count - end > 1 else {
      throw FileError(
        path: data, reason: "has \(numbers.count) characters, too few for stretches of \(length)")
    }
    return (vocabulary, Array(numbers[..<end]), Array(numbers[end...]))
  }

  /// Trains a language model of the characters and writes a sample of what it has learnt.
  func run<Model: LanguageModel & ConfiguredModule>(
    _ options: RunOptions, _ defaults: RecipeDefaults,
    _ make: (_ vocabulary: Int, _ seed: UInt64) throws -> Model
  ) throws {
    let text = try load()
    // What steers the training cannot be what it is tested on.
    let heeds = options.training.heedsValidation(defaults)
    let learnt = text.training.dropLast(heeds ? text.training.count / 20 : 0)
    let watched = heeds ? Array(text.training[learnt.count...]) : text.test
    guard watched.count > 1 else { throw ValidationError("the text is too short to set a part of it apart") }
    func bits(_ loss: Float) -> String { "\(loss / Float(M_LN2)) bits a character" }
    try options.run(
      defaults, model: try make(text.vocabulary.count, options.training.seed),
      save: { try SavedLanguageModel(model: $0, vocabulary: text.vocabulary).save(to: $1) },
      afterwards: { model in
        if heeds, options.isForPeople {
          try StandardOutput.print("test  \(bits(model.crossEntropy(of: text.test)))")
        }
        guard options.isForPeople, sample > 0 else { return }
        let beginning = Array(text.test.prefix(40))
        var random = RandomSource(seed: options.training.seed)
        let tokens = try model.continuation(
          of: beginning, count: sample, temperature: temperature, using: &random)
        try StandardOutput.print(Tokenizer.characters.text(of: text.vocabulary.decode(beginning + tokens)))
      }
    ) { model, course in
      let windows = try TextWindows(Array(learnt), length: length, batchSize: course.batchSize)
      return try course.fit(
        &model, to: windows, validate: { Evaluation(loss: try $0.crossEntropy(of: watched)) },
        remark: { $1.map { bits($0.loss) } }
      ) { try $0.loss($1, in: $2) }
    }
  }
}
