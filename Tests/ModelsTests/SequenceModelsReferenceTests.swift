import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

/// Ten steps of each model of sequences from the weights of a twin in PyTorch; see `Tests/Fixtures/sequence-models.py`.
@Suite(.onEveryBackend) struct SequenceModelsReferenceTests {
  private func reference(_ name: String) throws -> ReferenceCase {
    try #require(
      ReferenceCase.all(in: "sequence-models").first { $0.testDescription == "sequence-models: \(name)" })
  }

  @Test func recurrentLanguageModel() throws {
    let model = try RecurrentLanguageModel(
      .init(vocabulary: 7, dimension: 3, hidden: 4, layers: 2), seed: 1)
    try checkModule(model, against: reference("recurrent-language-model"), steps: 10) {
      try $0.scores(Indices($1[0]), in: $2)
    }
  }

  @Test func transformerLanguageModel() throws {
    let model = try TransformerLanguageModel(
      .init(vocabulary: 7, context: 6, dimension: 8, heads: 2, layers: 2), seed: 1)
    try checkModule(model, against: reference("transformer-language-model"), steps: 10) {
      try $0.scores(Indices($1[0]), in: $2)
    }
  }

  @Test func sequenceClassifier() throws {
    let model = try SequenceClassifier(.init(features: 3, hidden: 4, classes: 2), seed: 1)
    try checkModule(model, against: reference("sequence-classifier"), steps: 10) {
      try $0($1[0], lengths: [2, 5, 3], in: $2)
    }
  }

  /// The twin is told the beginning of a target too, and how long a source is.
  private func pairs(_ inputs: [Tensor], lengths: [Int]) throws -> (sources: [[Int]], targets: [[Int]]) {
    let (source, target) = (try Indices(inputs[0]), try Indices(inputs[1]))
    return (
      lengths.enumerated().map { Array(source.elements[$0 * source.shape[1]..<$0 * source.shape[1] + $1]) },
      lengths.indices.map {
        Array(target.elements[$0 * target.shape[1] + 1..<($0 + 1) * target.shape[1]])
      }
    )
  }

  @Test func encoderDecoder() throws {
    let model = try EncoderDecoder(
      .init(sourceVocabulary: 5, targetVocabulary: 6, dimension: 3, hidden: 2, layers: 2, dropout: 0), seed: 1
    )
    try checkModule(model, against: reference("encoder-decoder"), steps: 10) { model, inputs, pass in
      let (sources, targets) = try pairs(inputs, lengths: [3, 1, 4])
      return try model.scores(sources, targets, in: pass)
    }
  }

  @Test func plainEncoderDecoder() throws {
    let model = try PlainEncoderDecoder(
      .init(sourceVocabulary: 5, targetVocabulary: 6, beginning: 1, end: 0, dimension: 3, hidden: 4), seed: 1)
    try checkModule(model, against: reference("plain-encoder-decoder"), steps: 10) { model, inputs, pass in
      let (sources, targets) = try pairs(inputs, lengths: [2, 4, 1])
      return try model.scores(sources, targets, in: pass)
    }
  }

  @Test func skipGram() throws {
    let model = try SkipGram(.init(vocabulary: 9, dimension: 4), seed: 1)
    try checkModule(model, against: reference("skip-gram"), steps: 10) { model, inputs, _ in
      try model.scores(Indices(inputs[0]).elements, Indices(inputs[1]))
    }
  }
}
