import Interchange
import Layers
import Models
import Tensors
import TestSupport
import Testing

@Suite struct ConfiguredModuleTests {
  private func returns<Model: ConfiguredModule>(_ model: Model) throws where Model.Configuration: Equatable {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model")
    try model.save(to: path, metadata: ["note": "kept"])
    let again = try Model(contentsOf: path)
    #expect(again.configuration == model.configuration)
    #expect(again.state.map(\.path) == model.state.map(\.path))
    #expect(again.state.map(\.value) == model.state.map(\.value))
    #expect(try Safetensors(contentsOf: path).metadata["note"] == "kept")
  }

  @Test func everyModelComesBackFromItsFile() throws {
    try returns(RecurrentLanguageModel(.init(vocabulary: 5, dimension: 3, hidden: 4, dropout: 0.1), seed: 3))
    try returns(
      TransformerLanguageModel(
        .init(vocabulary: 5, context: 4, dimension: 4, heads: 2, layers: 1), seed: 3))
    try returns(
      EncoderDecoder(.init(sourceVocabulary: 3, targetVocabulary: 4, dimension: 2, hidden: 2), seed: 3))
    try returns(
      PlainEncoderDecoder(
        .init(sourceVocabulary: 3, targetVocabulary: 5, beginning: 0, end: 1, dimension: 2, hidden: 2),
        seed: 3))
    try returns(SequenceClassifier(.init(features: 2, kind: .gru, hidden: 3, classes: 2), seed: 3))
    try returns(SkipGram(.init(vocabulary: 4, dimension: 2), seed: 3))
    try returns(GAN(.images(latent: 2, width: 1), seed: 3))
    try returns(GAN(.points(latent: 2, hidden: 3), seed: 3))
  }

  @Test func anotherModelsFileIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model")
    try SkipGram(.init(vocabulary: 4, dimension: 2), seed: 3).save(to: path)
    #expect(message { _ = try GAN(contentsOf: path) } == "\(path): does not say that it holds a GAN")
    var file = try Safetensors(contentsOf: path)
    file.metadata["configuration"] = #"{"dimension":3,"vocabulary":4}"#
    try file.write(to: path)
    #expect(
      message { _ = try SkipGram(contentsOf: path) }.contains(
        "words.weight is [4, 2] where the model has [4, 3]"))
  }

  /// Sizes that a file does not warrant take no memory, and none ends the process.
  @Test(arguments: [
    #"{"dimension":16000000,"vocabulary":16000000}"#, #"{"dimension":-1,"vocabulary":4}"#,
    #"{"dimension":0,"vocabulary":4}"#, #"{"dimension":9223372036854775807,"vocabulary":2}"#, "{}", "[",
    #"{"dimension":1e400,"vocabulary":4}"#,
  ]) func aLyingConfigurationIsRefused(_ text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model")
    try SkipGram(.init(vocabulary: 4, dimension: 2), seed: 3).save(to: path)
    var file = try Safetensors(contentsOf: path)
    file.metadata["configuration"] = text
    try file.write(to: path)
    #expect(throws: FileError.self) { try SkipGram(contentsOf: path) }
  }

  @Test func anyConfigurationIsBuiltOrRefused() throws {
    let folder = try TemporaryFolder()
    func check<Model: ConfiguredModule>(_ model: Model) throws {
      let path = folder.path(of: "model")
      try model.save(to: path)
      var file = try Safetensors(contentsOf: path)
      let text = try #require(file.metadata["configuration"])
      try withMutations(of: Array(text.utf8), count: 2000, "\(Model.self)") { bytes in
        file.metadata["configuration"] = String(decoding: bytes, as: UTF8.self)
        try file.write(to: path)
        do { _ = try Model(contentsOf: path) } catch { #expect(error is FileError) }
      }
    }
    try check(RecurrentLanguageModel(.init(vocabulary: 5, dimension: 3, hidden: 4), seed: 3))
    try check(
      TransformerLanguageModel(.init(vocabulary: 5, context: 4, dimension: 4, heads: 2, layers: 1), seed: 3))
    try check(
      EncoderDecoder(.init(sourceVocabulary: 3, targetVocabulary: 4, dimension: 2, hidden: 2), seed: 3))
    try check(
      PlainEncoderDecoder(
        .init(sourceVocabulary: 3, targetVocabulary: 5, beginning: 0, end: 1, dimension: 2, hidden: 2),
        seed: 3))
    try check(SequenceClassifier(.init(features: 2, hidden: 3, classes: 2), seed: 3))
    try check(GAN(.images(latent: 2, width: 1), seed: 3))
    try check(GAN(.points(latent: 2, hidden: 3), seed: 3))
  }
}
