import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct EmbeddingBagTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      EmbeddingBag(vocabulary: 5, dimension: 3), input: [2], output: [3], parameters: ["weight": [5, 3]],
      wrongInput: [], batch: Tensor([0, 4, 2, 2, 1, 4], shape: [3, 2]))
    try checkLayer(
      EmbeddingBag(vocabulary: 5, dimension: 2, reduction: .sum, padding: 4), input: [2, 2], output: [2, 2],
      parameters: ["weight": [5, 2]],
      wrongInput: [], batch: Tensor([0, 4, 2, 4, 4, 4, 1, 0, 3, 3, 2, 1], shape: [3, 2, 2]))
  }

  private struct Settings: Decodable {
    let vocabulary: Int
    let dimension: Int
    let reduction: BagReduction
    let padding: Int?
  }

  @Test(arguments: try ReferenceCase.all(in: "embedding-bag")) func agreesWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      EmbeddingBag(
        vocabulary: settings.vocabulary, dimension: settings.dimension, reduction: settings.reduction,
        padding: settings.padding),
      against: reference)
  }

  @Test func standsFirstInASequential() throws {
    let model = try Sequential(input: [2], seed: 1) {
      EmbeddingBag(vocabulary: 10, dimension: 4)
      Dense(outputs: 3)
    }
    #expect(try model(Tensor([1, 9], shape: [1, 2])).shape == [1, 3])
    let outside = #expect(throws: ShapeError.self) { try model(Tensor([1, 2, 10, 1], shape: [2, 2])) }
    #expect(outside?.description == "0: EmbeddingBag(10 → 4) expects indices in 0..<10, got 10 at [1, 0]")
    let fraction = #expect(throws: ShapeError.self) { try model(Tensor([1, 2.5], shape: [1, 2])) }
    #expect(
      fraction?.description
        == "0: EmbeddingBag(10 → 4) expects whole numbers from 0 to 16777216, got 2.5 at [0, 1]")
  }

  @Test func whatDoesNotFitThrows() throws {
    for layer in [
      EmbeddingBag(vocabulary: 0, dimension: 2), EmbeddingBag(vocabulary: 2, dimension: 0),
      EmbeddingBag(vocabulary: .max, dimension: .max), EmbeddingBag(vocabulary: 3, dimension: 2, padding: 3),
    ] {
      let error = #expect(throws: ShapeError.self) { try layer.initialized(for: [2], seed: 1) }
      #expect(error?.description.hasPrefix("EmbeddingBag(") == true)
      #expect(throws: ShapeError.self) { try layer([0]) }
    }
    #expect(throws: ShapeError.self) { try EmbeddingBag(weight: .zeros([3])) }
    let layer = try EmbeddingBag(weight: .zeros([3, 2]))
    #expect(throws: ShapeError.self) { try layer.outputShape(for: [0]) }
    #expect(throws: ShapeError.self) { try layer(.zeros([2])) }
  }

  @Test func printsAsTheCallThatMakesIt() {
    #expect("\(EmbeddingBag(vocabulary: 9, dimension: 4))" == "EmbeddingBag(9 → 4)")
    #expect(
      "\(EmbeddingBag(vocabulary: 9, dimension: 4, reduction: .sum, padding: 0))"
        == "EmbeddingBag(9 → 4, reduction: .sum, padding: 0)")
  }
}
