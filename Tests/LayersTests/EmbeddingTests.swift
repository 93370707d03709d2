import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct EmbeddingTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      Embedding(vocabulary: 5, dimension: 3), input: [2], output: [2, 3], parameters: ["weight": [5, 3]],
      wrongInput: nil, batch: Tensor([0, 4, 2, 2, 1, 4], shape: [3, 2]))
    try checkLayer(
      Embedding(vocabulary: 5, dimension: 2, padding: 4), input: [], output: [2],
      parameters: ["weight": [5, 2]],
      wrongInput: nil, batch: Tensor([0, 4, 2]))
  }

  private struct Settings: Decodable {
    let vocabulary: Int
    let dimension: Int
    let padding: Int?
  }

  @Test(arguments: try ReferenceCase.all(in: "embedding")) func agreesWithPyTorch(_ reference: ReferenceCase)
    throws
  {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      Embedding(vocabulary: settings.vocabulary, dimension: settings.dimension, padding: settings.padding),
      against: reference)
  }

  @Test func theVectorOfPaddingBeginsAtZero() throws {
    let layer = try Embedding(vocabulary: 4, dimension: 2, padding: 1).initialized(for: [3], seed: 1)
    #expect(try layer([1, 2]).array.prefix(2) == [0, 0])
    #expect(try layer([1, 2]).array.suffix(2) != [0, 0])
  }

  @Test func standsFirstInASequential() throws {
    let model = try Sequential(input: [2], seed: 1) {
      Embedding(vocabulary: 10, dimension: 4)
      Dense(outputs: 3)
    }
    #expect(try model(Tensor([1, 9], shape: [1, 2])).shape == [1, 2, 3])
    let error = #expect(throws: ShapeError.self) { try model(Tensor([1, 2.5, 0, 1], shape: [2, 2])) }
    #expect(
      error?.description == "0: Embedding(10 → 4) expects whole numbers from 0 to 16777216, got 2.5 at [0, 1]"
    )
    let outside = #expect(throws: ShapeError.self) { try model(Tensor([1, 2, 10, 1], shape: [2, 2])) }
    #expect(outside?.description == "0: Embedding(10 → 4) expects indices in 0..<10, got 10 at [1, 0]")
  }

  /// One table as the first layer and, by its transpose, the last: each way's gradient is computed apart, and both add up.
  @Test func tiedWeightsGetSummedGradients() throws {
    let indices: Indices = [2, 0, 2, 1]
    let labels = [1, 3, 0, 2]
    func loss(_ words: Tensor, _ scores: Tensor) throws -> Tensor {
      let hidden = try tanh(embedding(indices, table: words))
      return try softmaxCrossEntropy(linear(hidden, weight: scores, bias: nil), labels)
    }
    let layer = try Embedding(vocabulary: 4, dimension: 3).initialized(for: [2], seed: 1)
    let table = try #require(layer.weight)
    let (_, tied) = try layer.valueAndGradients { layer in
      try loss(#require(layer.weight), #require(layer.weight))
    }
    let tape = Tape()
    let apart = try tape.gradients(of: loss(tape.watch(table), tape.watch(table))).compactMap(\.self)
    let sum = zip(apart[0].array, apart[1].array).map { $0 + $1 }
    expectClose(try #require(tied["weight"]).array, sum, tolerance: 1e-6)
    guard case .dense = tied.elements[0] else { return #expect(Bool(false), "a dense gradient") }
  }

  @Test func whatDoesNotFitThrows() throws {
    for layer in [
      Embedding(vocabulary: 0, dimension: 2), Embedding(vocabulary: 2, dimension: 0),
      Embedding(vocabulary: -1, dimension: 2), Embedding(vocabulary: .max, dimension: .max),
      Embedding(vocabulary: 1 << 40, dimension: 1), Embedding(vocabulary: 3, dimension: 2, padding: 3),
      Embedding(vocabulary: 3, dimension: 2, padding: -1),
    ] {
      #expect(throws: ShapeError.self) { try layer.initialized(for: [2], seed: 1) }
      #expect(throws: ShapeError.self) { try layer([0]) }
    }
    #expect(throws: ShapeError.self) { try Embedding(weight: .zeros([3])) }
    #expect(throws: ShapeError.self) { try Embedding(weight: .zeros([3, 2]), padding: 5) }
    let layer = try Embedding(weight: .zeros([3, 2]))
    #expect(throws: ShapeError.self) { try layer.outputShape(for: [1, 1, 1, 1, 1, 1, 1]) }
    #expect(throws: ShapeError.self) { try layer(.zeros([1, 1, 1, 1, 1, 1, 1, 1])) }
  }

  @Test func printsAsTheCallThatMakesIt() {
    #expect("\(Embedding(vocabulary: 9, dimension: 4))" == "Embedding(9 → 4)")
    #expect("\(Embedding(vocabulary: 9, dimension: 4, padding: 0))" == "Embedding(9 → 4, padding: 0)")
  }
}
