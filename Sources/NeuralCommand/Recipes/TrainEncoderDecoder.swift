import ArgumentParser
import NeuralNetworks

/// `neural train encoder-decoder`.
struct TrainEncoderDecoder: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 12, batchSize: 64, optimizer: .adam, learningRate: 1e-3, schedule: .cosine, warmup: 200, clip: 2)

  static let configuration = CommandConfiguration(
    commandName: "encoder-decoder",
    abstract: "LSTMs with attention that read a word's letters and write its phonemes.",
    discussion: defaults.description)

  @Option(help: "cmudict, the Carnegie Mellon Pronouncing Dictionary, or a file of its form.")
  var data = "cmudict"

  @OptionGroup var installation: InstallOption

  @Option(help: "The size of a letter's and a phoneme's vector.")
  var dimension = 128

  @Option(help: "Neurons of the encoder in each direction.")
  var hidden = 128

  @Option(help: "LSTMs on each other.")
  var layers = 2

  @Option(help: "The rate of dropout.")
  var dropout: Float = 0.2

  @Option(help: "The share of a phoneme's probability that is spread over all.")
  var smoothing: Float = 0.1

  @Option(help: "Beginnings that the search for a pronunciation keeps.")
  var beam = 4

  @OptionGroup var options: RunOptions

  func validate() throws {
    try check("--beam", beam, atMost: 1000)
    if !(0...1).contains(smoothing) { throw ValidationError("--smoothing is from 0 to 1, not \(smoothing)") }
  }

  func run() throws {
    let path = data == "cmudict" ? try CMUDict.path(installation) : data
    let dictionary = try PronouncingDictionary(contentsOf: path)
    let parts = CMUDict.parts(of: dictionary.entries)
    guard !parts.training.isEmpty, !parts.development.isEmpty, !parts.test.isEmpty else {
      throw FileError(path: path, reason: "has too few words to set some apart for testing")
    }
    let pairs = parts.training.flatMap { entry in entry.pronunciations.map { (entry.letters, $0) } }
    try options.run(
      Self.defaults, model: try EncoderDecoder(sizes(for: dictionary), seed: options.training.seed),
      save: { try SavedPronouncer(model: $0, phonemes: dictionary.phonemes).save(to: $1) },
      afterwards: { model in
        guard !options.quiet else { return }
        let score = try PronunciationScore(of: model, on: parts.test, beam: beam)
        try options.json
          ? StandardOutput.print(json: score)
          : StandardOutput.print("test  \(score)")
      }
    ) { model, course in
      let batches = try SequencePairs(pairs.map(\.0), pairs.map(\.1), batchSize: course.batchSize)
      var score: PronunciationScore?
      return try course.fit(
        &model, to: batches,
        validate: { model in
          let words = parts.development
          let latest = try PronunciationScore(of: model, on: words, beam: 1)
          score = latest
          return Evaluation(
            loss: try model.loss(
              words.map(\.letters), words.map { $0.pronunciations[0] }, in: .inference
            ).item(),
            accuracy: Float(1 - latest.wordError))
        },
        remark: { _, _ in score.map { "on the words to watch by, without a beam: \($0)" } }
      ) { try $0.loss($1.sources, $1.targets, smoothing: smoothing, in: $2) }
    }
  }

  private func sizes(for dictionary: PronouncingDictionary) -> EncoderDecoder.Configuration {
    .init(
      sourceVocabulary: 26, targetVocabulary: dictionary.phonemes.count, dimension: dimension,
      hidden: hidden, layers: layers, dropout: dropout)
  }
}
