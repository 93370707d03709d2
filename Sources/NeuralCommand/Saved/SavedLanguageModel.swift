import Foundation
import NeuralNetworks

/// A language model on disk with the characters that it knows.
struct SavedLanguageModel {
  private static let vocabularyKey = "vocabulary"

  let model: any LanguageModel
  let vocabulary: Vocabulary

  func save(to path: String) throws {
    try model.save(to: path, metadata: [Self.vocabularyKey: vocabulary.json])
  }

  static func load(_ path: String) throws -> SavedLanguageModel {
    let metadata = try Safetensors(contentsOf: path).metadata
    guard let text = metadata[vocabularyKey],
      let vocabulary = try? JSONDecoder().decode(Vocabulary.self, from: Data(text.utf8))
    else { throw FileError(path: path, reason: "holds no language model; was it saved by \"neural train\"?") }
    let model: any LanguageModel =
      metadata[Safetensors.moduleKey] == "\(TransformerLanguageModel.self)"
      ? try TransformerLanguageModel(contentsOf: path) : try RecurrentLanguageModel(contentsOf: path)
    guard model.vocabulary == vocabulary.count else {
      throw FileError(path: path, reason: "holds a model of other characters than it names")
    }
    try model.checkFinite(path)
    return SavedLanguageModel(model: model, vocabulary: vocabulary)
  }
}

extension Vocabulary {
  /// The tokens as a JSON list.
  var json: String { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "[]" }
}
