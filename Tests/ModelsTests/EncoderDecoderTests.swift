import Interchange
import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct EncoderDecoderTests {
  /// Words to be written backwards.
  private static let words: [[Int]] = [
    [0, 1, 2], [3, 1], [2, 2, 0, 1], [1], [3, 0, 3], [0, 0, 1, 3], [2, 3], [1, 0, 2, 0],
  ]

  private func model(dropout: Float = 0) throws -> EncoderDecoder {
    try EncoderDecoder(
      .init(sourceVocabulary: 4, targetVocabulary: 4, dimension: 12, hidden: 16, layers: 1, dropout: dropout),
      seed: 1)
  }

  private func trained() throws -> EncoderDecoder {
    var model = try model()
    let pairs = try SequencePairs(Self.words, Self.words.map { $0.reversed() }, batchSize: 8)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.02))
    try trainer.fit(&model, to: pairs, epochs: 150) { try $0.loss($1.sources, $1.targets, in: $2) }
    return model
  }

  @Test func eightWordsAreLearntByHeart() throws {
    let model = try trained()
    for beam in [1, 3] {
      #expect(try model.answers(to: Self.words, beam: beam) == Self.words.map { $0.reversed() })
    }
  }

  @Test(arguments: RecurrentKind.allCases) func withoutAttentionTheyAreLearntToo(_ kind: RecurrentKind) throws
  {
    var model = try PlainEncoderDecoder(
      .init(
        sourceVocabulary: 4, targetVocabulary: 6, beginning: 4, end: 5, kind: kind, dimension: 12, hidden: 32),
      seed: 1)
    let pairs = try SequencePairs(Self.words, Self.words.map { $0.reversed() }, batchSize: 8)
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.02))
    trainer.clipping = .norm(1)
    try trainer.fit(&model, to: pairs, epochs: 200) { try $0.loss($1.sources, $1.targets, in: $2) }
    for beam in [1, 3] {
      #expect(try model.answers(to: Self.words, beam: beam) == Self.words.map { $0.reversed() })
    }
    #expect(throws: ShapeError.self) { try model.loss([[0]], [], in: .inference) }
    #expect(throws: ShapeError.self) { try model.loss([[0]], [[6]], in: .inference) }
    #expect(throws: ShapeError.self) { try model.answers(to: [[]]) }
    #expect(throws: ShapeError.self) {
      try PlainEncoderDecoder(
        .init(sourceVocabulary: 4, targetVocabulary: 6, beginning: 6, end: 0), seed: 1)
    }
  }

  /// Neither what a source is filled up with nor its neighbours in a batch change anything.
  @Test func eachAnswerIsThatOfItsWordAlone() throws {
    let model = try model()
    let answers = try model.answers(to: Self.words, beam: 2, longest: 6)
    for (word, answer) in zip(Self.words, answers) {
      #expect(try model.answers(to: [word], beam: 2, longest: 6) == [answer])
    }
    let targets = Self.words.map { Array($0.reversed()) }
    let whole = try model.loss(Self.words, targets, in: .inference).item()
    var sum: Float = 0
    for (word, target) in zip(Self.words, targets) {
      sum += try model.loss([word], [target], in: .inference).item() * Float(target.count + 1)
    }
    let count = targets.reduce(0) { $0 + $1.count + 1 }
    #expect(abs(whole - sum / Float(count)) < 1e-5)
  }

  /// A wider beam never finds a less likely answer on these words.
  @Test func aWiderBeamFindsLikelierAnswers() throws {
    let model = try model()
    func logarithm(_ beam: Int) throws -> Float {
      let answers = try model.answers(to: Self.words, beam: beam, longest: 3)
      let losses = try zip(Self.words, answers).map { word, answer in
        try model.loss([word], [answer], in: .inference).item() * Float(answer.count + 1)
      }
      return -losses.reduce(0, +)
    }
    let (narrow, wide) = (try logarithm(1), try logarithm(64))
    #expect(wide >= narrow - 1e-4)
  }

  @Test func aFileBuildsTheModelAgain() throws {
    let folder = try TemporaryFolder()
    let (model, path) = (try model(dropout: 0.2), folder.path(of: "model"))
    try model.save(to: path)
    let again = try EncoderDecoder(contentsOf: path)
    #expect(again.configuration == model.configuration)
    #expect(try again.answers(to: Self.words) == model.answers(to: Self.words))
  }

  @Test func badInputThrows() throws {
    let model = try model()
    #expect(throws: ShapeError.self) { try model.loss([[0], []], [[1], [1]], in: .inference) }
    #expect(throws: ShapeError.self) { try model.loss([[0]], [], in: .inference) }
    #expect(throws: ShapeError.self) { try model.loss([[4]], [[1]], in: .inference) }
    #expect(throws: ShapeError.self) { try model.loss([[0]], [[4]], in: .inference) }
    #expect(throws: ShapeError.self) { try model.loss([[0]], [[-1]], in: .inference) }
    #expect(throws: ShapeError.self) { try model.answers(to: [[0], []]) }
    #expect(try model.answers(to: []).isEmpty)
    for (hidden, targets) in [(0, 4), (4, 0)] {
      #expect(throws: ShapeError.self) {
        try EncoderDecoder(.init(sourceVocabulary: 4, targetVocabulary: targets, hidden: hidden), seed: 1)
      }
    }
  }
}
