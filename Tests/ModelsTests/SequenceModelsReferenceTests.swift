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

  @Test func encoderDecoder() throws {
    let model = try EncoderDecoder(
      .init(sourceVocabulary: 5, targetVocabulary: 6, dimension: 3, hidden: 2, layers: 2, dropout: 0), seed: 1
    )
    try checkModule(model, against: reference("encoder-decoder"), steps: 10) { model, inputs, pass in
      let (source, target) = (try Indices(inputs[0]).elements, try Indices(inputs[1]).elements)
      // The twin is told the beginning too.
      return try model.scores(
        zip(0..., [3, 1, 4]).map { Array(source[$0 * 4..<$0 * 4 + $1]) },
        (0..<3).map { Array(target[$0 * 3 + 1..<$0 * 3 + 3]) }, in: pass)
    }
  }

  @Test func skipGram() throws {
    let model = try SkipGram(.init(vocabulary: 9, dimension: 4), seed: 1)
    try checkModule(model, against: reference("skip-gram"), steps: 10) { model, inputs, _ in
      try model.scores(Indices(inputs[0]).elements, Indices(inputs[1]))
    }
  }
}
