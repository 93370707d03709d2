import Foundation
import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct SkipGramTests {
  /// The lecture's picture of an embedding: a look-up is the product of a one-hot vector and the matrix of vectors.
  @Test func aLookUpIsTheProductWithAOneHotVector() throws {
    let model = try SkipGram(.init(vocabulary: 7, dimension: 3), seed: 1)
    let words = [4, 0, 6, 4]
    let table = try #require(model.words.weight)
    let dense = try Dense(weight: permute(table, [1, 0]), bias: nil)
    let oneHot = Targets.labels(words, classes: 7).values
    #expect(try model.words(Indices(words)) == dense(oneHot))

    // And so is its gradient, row by row.
    let target = Tensor.normal([4, 3], seed: 2)
    let (_, byRows) = try model.words.valueAndGradients { try meanSquaredError($0(Indices(words)), target) }
    let (_, whole) = try dense.valueAndGradients { try meanSquaredError($0(oneHot), target) }
    let expected = try permute(#require(whole["weight"]), [1, 0]).array
    expectClose(try #require(byRows["weight"]).array, expected, tolerance: 1e-6)
  }

  @Test func theLossIsThatOfThePaper() throws {
    var model = try SkipGram(.init(vocabulary: 4, dimension: 2), seed: 1)
    model.updateParameters { parameter, path in
      parameter = .normal([4, 2], seed: path == "words.weight" ? 3 : 4)
    }
    let (w, c) = (model.parameters[0].value, model.parameters[1].value)
    func product(_ i: Int, _ j: Int) -> Double { Double(w[i, 0] * c[j, 0] + w[i, 1] * c[j, 1]) }
    func logarithm(_ x: Double) -> Double { -Foundation.log(1 + exp(-x)) }
    let expected =
      -(logarithm(product(1, 2)) + logarithm(-product(1, 0)) + logarithm(-product(1, 3))
      + logarithm(product(3, 0)) + logarithm(-product(3, 3)) + logarithm(-product(3, 1))) / 2
    let loss = try model.loss([1, 3], Indices([2, 0, 3, 0, 3, 1], columns: 3)).item()
    #expect(abs(Double(loss) - expected) < 1e-5)
  }

  /// Words 0 to 3 keep to themselves, and so do 4 to 7.
  @Test func wordsOfOneCompanyBecomeNeighbours() throws {
    var random = RandomSource(seed: 5)
    let text = (0..<400).flatMap { sentence in
      (0..<6).map { _ in Int.random(in: 0..<4, using: &random) + 4 * (sentence % 2) }
        + Array(repeating: 8, count: 6)
    }
    let pairs = try WordContexts(
      text, vocabulary: 9, window: 2, negatives: 4, threshold: 1, batchSize: 64)
    var model = try SkipGram(.init(vocabulary: 9, dimension: 8), seed: 1)
    var trainer = Trainer(loss: .sigmoidCrossEntropy, optimizer: Adam(learningRate: 0.01))
    try trainer.fit(&model, to: pairs, epochs: 4) { model, batch, _ in
      try model.loss(batch.centers, batch.candidates)
    }
    for word in 0..<8 {
      let near = try model.neighbours(of: word, count: 3)
      #expect(near.allSatisfy { $0.word / 4 == word / 4 }, "\(word): \(near)")
      #expect(near.allSatisfy { $0.cosine <= 1.0001 })
    }
  }

  @Test func badInputThrows() throws {
    let model = try SkipGram(.init(vocabulary: 4, dimension: 2), seed: 1)
    #expect(throws: ShapeError.self) { try model.loss([0], [1]) }
    #expect(throws: ShapeError.self) { try model.loss([0], Indices([1, 4], columns: 2)) }
    #expect(throws: ShapeError.self) { try model.loss([4], Indices([1, 2], columns: 2)) }
    #expect(throws: ShapeError.self) { try model.neighbours(of: 4, count: 1) }
    #expect(try model.neighbours(of: 0, count: -1).isEmpty)
    #expect(throws: ShapeError.self) { try SkipGram(.init(vocabulary: 0), seed: 1) }
    #expect(throws: ShapeError.self) { try SkipGram(.init(vocabulary: 3, dimension: 0), seed: 1) }
  }
}
