import ArgumentParser
import NeuralNetworks

/// `neural pronounce WORD …`.
struct Pronounce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the phonemes of words.",
    discussion: """
      By a model of your own, saved by "neural train encoder-decoder", or else by the one that the Python package g2p-en \
      publishes, read from its file.
      """)

  @Argument(help: "Words of the letters a to z.")
  var words: [String]

  @Option(
    help:
      "A model saved by \"neural train encoder-decoder\", or an .npz file of g2p-en's. (default: g2p-en's own)"
  )
  var model: String?

  @Option(help: "Beginnings that the search keeps, for a model of your own.")
  var beam = 4

  @OptionGroup var installation: InstallOption
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    try check("--beam", beam, atMost: 1000)
    if let word = words.first(where: { PronouncingDictionary.letters(of: $0.lowercased()) == nil }) {
      throw ValidationError("\"\(word)\" has other characters than the letters a to z, or none")
    }
  }

  func run() throws {
    let words = words.map { $0.lowercased() }
    for (word, phonemes) in zip(words, try compute.compute { try pronounce(words) }) {
      try StandardOutput.print("\(word) \(phonemes.joined(separator: " "))")
    }
  }

  private func pronounce(_ words: [String]) throws -> [[String]] {
    guard let model, !model.hasSuffix(".npz") else {
      let file = try model ?? PretrainedPronouncer.package.files(installing: installation.install)[0]
      return try PretrainedPronouncer(contentsOf: file).pronounce(words)
    }
    let saved = try SavedPronouncer.load(model)
    return try saved.model.answers(to: words.compactMap(PronouncingDictionary.letters), beam: beam)
      .map { $0.map { saved.phonemes[$0] } }
  }
}
