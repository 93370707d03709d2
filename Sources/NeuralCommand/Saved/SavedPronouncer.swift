import NeuralNetworks

/// An encoder–decoder on disk with the phonemes that it writes.
struct SavedPronouncer {
  private static let phonemesKey = "phonemes"

  let model: EncoderDecoder
  let phonemes: [String]

  func save(to path: String) throws {
    try model.save(to: path, metadata: [Self.phonemesKey: phonemes.joined(separator: " ")])
  }

  static func load(_ path: String) throws -> SavedPronouncer {
    let phonemes = try Safetensors(contentsOf: path).metadata[phonemesKey]?.split(separator: " ") ?? []
    let model = try EncoderDecoder(contentsOf: path)
    guard phonemes.count == model.configuration.targetVocabulary else {
      throw FileError(path: path, reason: "does not name the phonemes of its model")
    }
    try model.checkFinite(path)
    return SavedPronouncer(model: model, phonemes: phonemes.map(String.init))
  }
}
