import ArgumentParser
import NeuralNetworks

/// `neural train embedding`.
struct TrainEmbedding: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 5, batchSize: 512, optimizer: .sparseAdam, learningRate: 2e-3, schedule: .linear)

  static let configuration = CommandConfiguration(
    commandName: "embedding", abstract: "Vectors of words from the company they keep.",
    discussion: defaults.description)

  @Option(help: "king-james, the King James Bible, or a file of text in UTF-8.")
  var data = "king-james"

  @OptionGroup var installation: InstallOption

  @Option(help: "The size of a word's vector.")
  var dimension = 100

  @Option(help: "How far apart words are neighbours.")
  var window = 5

  @Option(help: "Words drawn at random beside each neighbour.")
  var negatives = 5

  @Option(help: "The share of the text above which a word is left out now and then.")
  var threshold = 1e-3

  @Option(help: "Words that come less often are left out.")
  var atLeast = 5

  @Option(help: "Words whose neighbours are shown, with commas between.")
  var words = "king,bread,three,jerusalem,son,went"

  @OptionGroup var options: RunOptions

  func validate() throws {
    try check("--dimension", dimension)
    try check("--window", window)
    try check("--negatives", negatives)
    try check("--at-least", atLeast)
  }

  func run() throws {
    let text = data == "king-james" ? try KingJames.text(installation) : try Tokenizer.text(contentsOf: data)
    let tokens = Tokenizer.words.tokens(in: text.lowercased()).filter { $0.first?.isLetter == true }
    let vocabulary = Vocabulary(of: tokens, atLeast: atLeast)
    let numbers = vocabulary.encode(tokens).filter { $0 > 0 }
    let sizes = SkipGram.Configuration(vocabulary: vocabulary.count, dimension: dimension)
    try options.run(
      Self.defaults, model: try SkipGram(sizes, seed: options.training.seed),
      save: { try $0.save(to: $1, metadata: ["vocabulary": vocabulary.json]) },
      afterwards: { model in
        guard options.isForPeople else { return }
        for word in words.split(separator: ",").map(String.init) {
          guard vocabulary[word] > 0 else {
            try StandardOutput.print("\(word): not among the words that come \(atLeast) times")
            continue
          }
          let near = try model.neighbours(of: vocabulary[word], count: 8).map { vocabulary.tokens[$0.word] }
          try StandardOutput.print("\(word): \(near.joined(separator: ", "))")
        }
      }
    ) { model, course in
      let pairs = try WordContexts(
        numbers, vocabulary: vocabulary.count, window: window, negatives: negatives, threshold: threshold,
        batchSize: course.batchSize)
      return try course.fit(&model, to: pairs) { model, batch, _ in
        try model.loss(batch.centers, batch.candidates)
      }
    }
  }
}
