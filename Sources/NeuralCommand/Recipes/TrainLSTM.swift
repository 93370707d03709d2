import ArgumentParser
import NeuralNetworks

/// `neural train lstm`.
struct TrainLSTM: ParsableCommand {
  private static let defaults = RecipeDefaults(
    epochs: 40, batchSize: 16, optimizer: .adam, learningRate: 3e-3, schedule: .cosine, clip: 1)

  static let configuration = CommandConfiguration(
    commandName: "lstm",
    abstract: "A recurrent layer in both directions that classifies series of different lengths.",
    discussion: defaults.description)

  @Option(help: "japanese-vowels, or a file of series with their classes, .ts.")
  var data = "japanese-vowels"

  @Option(help: "Test series of the same classes; belongs to a file.")
  var testData: String?

  @OptionGroup var installation: InstallOption

  @Option(help: "The recurrent layer: \(RecurrentKind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var kind = RecurrentKind.lstm

  @Option(help: "Neurons in each direction.")
  var hidden = 64

  @Option(help: "The rate of dropout.")
  var dropout: Float = 0.3

  @OptionGroup var options: RunOptions

  func validate() throws {
    guard !options.training.heedsValidation(Self.defaults) else {
      throw ValidationError(
        "--early-stopping and --schedule plateau want series apart from those of the test, which lstm has none of"
      )
    }
  }

  func run() throws {
    let (training, test) = try load()
    let sizes = SequenceClassifier.Configuration(
      features: training.channels, kind: kind, hidden: hidden, classes: training.classes.count,
      dropout: dropout)
    try options.run(
      Self.defaults, model: try SequenceClassifier(sizes, seed: options.training.seed),
      save: { try $0.save(to: $1, metadata: ["classes": training.classes.joined(separator: " ")]) }
    ) { model, course in
      try course.fit(
        &model, to: try training.dataset(batchSize: course.batchSize),
        validate: { model in
          let scores = try model(test.padded.values, lengths: test.padded.lengths)
          let right = zip(scores.highestPositions, test.labels).count { $0 == $1 }
          return Evaluation(
            loss: try softmaxCrossEntropy(scores, test.labels).item(),
            accuracy: Float(right) / Float(test.labels.count))
        }
      ) { model, batch, pass in
        try softmaxCrossEntropy(
          model(batch.series.values, lengths: batch.series.lengths, in: pass), batch.labels)
      }
    }
  }

  private func load() throws -> (training: LabelledSeries, test: LabelledSeries) {
    let paths: [String]
    switch (data, testData) {
    case ("japanese-vowels", nil):
      paths = try Self.japaneseVowels.files(installing: installation.install)
    case ("japanese-vowels", _?): throw ValidationError("--test-data belongs to a file, not to \(data)")
    case (_, let testData?): paths = [data, testData]
    case (_, nil): throw ValidationError("a file of series wants --test-data beside it")
    }
    let (training, test) = (try TimeSeries.read(paths[0]), try TimeSeries.read(paths[1]))
    guard training.classes == test.classes, training.channels == test.channels else {
      throw FileError(path: paths[1], reason: "has other classes or channels than \(paths[0])")
    }
    return (training, test)
  }

  private static let japaneseVowels = DataPackage(
    name: "JapaneseVowels",
    origin: .wheel(
      "aeon", version: "1.6.0",
      files: ["TRAIN", "TEST"].map { "aeon/datasets/data/JapaneseVowels/JapaneseVowels_\($0).ts" }))
}

extension RecurrentKind: ExpressibleByArgument {}
