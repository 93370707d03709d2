import Layers
import Operations
import Tensors
import TestSupport
import Testing

/// A model that uses one layer twice.
private struct Twice: Layer {
  var shared: Dense
  var last: Dense

  func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    _ = try outputShape(for: input.shape.droppingFirst)
    return try last(shared(shared(input, in: pass), in: pass), in: pass)
  }

  func outputShape(for input: Shape) throws -> Shape {
    do {
      return try last.outputShape(for: shared.outputShape(for: input))
    } catch let error as ShapeError {
      throw ShapeError(self, expected: error.expected, got: error.got)
    }
  }

  mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    try shared.initialize(for: input, using: &random)
    try last.initialize(for: shared.outputShape(for: input), using: &random)
  }

  mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&shared, named: "shared")
    visitor.visit(&last, named: "last")
  }

  var description: String { "Twice(\(shared), \(last))" }
}

@Suite(.onEveryBackend) struct WeightSharingTests {
  private func model() throws -> Twice {
    try Twice(shared: Dense(outputs: 3, activation: .tanh), last: Dense(outputs: 2)).initialized(
      for: [3], seed: 1)
  }

  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      model(), input: [3], output: [2],
      parameters: ["shared.weight": [3, 3], "shared.bias": [3], "last.weight": [2, 3], "last.bias": [2]],
      wrongInput: [4])
  }

  /// The gradient of a shared layer is the sum of those that two copies of it get.
  @Test func aLayerUsedTwiceGetsTheSumOfItsGradients() throws {
    let model = try model()
    let (x, target) = (Tensor.normal([4, 3], seed: 2), Tensor.normal([4, 2], seed: 3))
    let gradients = try model.valueAndGradients { try meanSquaredError($0(x), target) }.gradients
    let copies = try Sequential {
      model.shared
      model.shared
      model.last
    }
    let apart = try copies.valueAndGradients { try meanSquaredError($0(x), target) }.gradients
    for name in ["weight", "bias"] {
      let sum = try #require(apart["0.\(name)"]) + #require(apart["1.\(name)"])
      expectClose(try #require(gradients["shared.\(name)"]).array, sum.array, tolerance: 1e-6, name)
      #expect(gradients["last.\(name)"] == apart["2.\(name)"])
    }
  }
}
