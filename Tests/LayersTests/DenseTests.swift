import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct DenseTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      Dense(outputs: 4, activation: .tanh), input: [3], output: [4],
      parameters: ["weight": [4, 3], "bias": [4]], wrongInput: [5])
    try checkLayer(
      Dense(outputs: 2, bias: false), input: [5, 3], output: [5, 2], parameters: ["weight": [2, 3]],
      wrongInput: [5, 2])
  }

  private struct Settings: Decodable {
    let outputs: Int
    let bias: Bool
    let activation: String

    var function: Activation {
      switch activation {
      case "tanh": .tanh
      case "sigmoid": .sigmoid
      case "relu": .relu
      default: .identity
      }
    }
  }

  @Test(arguments: try ReferenceCase.all(in: "dense")) func agreesWithPyTorch(_ reference: ReferenceCase)
    throws
  {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      Dense(outputs: settings.outputs, activation: settings.function, bias: settings.bias), against: reference
    )
  }

  @Test func errorsNameTheLayerAndBothShapes() throws {
    let model = try Sequential(input: [784], seed: 1) {
      Dense(outputs: 16)
      Dense(outputs: 784).named("hidden1")
      Dense(outputs: 128).named("hidden2")
    }
    let error = #expect(throws: ShapeError.self) { try model[2](.zeros([3, 5])) }
    #expect(
      error?.within("hidden2").description == "hidden2: Dense(784 → 128) expects [batch, 784], got [3, 5]")
    let first = #expect(throws: ShapeError.self) { try model(.zeros([3, 5])) }
    #expect(first?.description == "0: Dense(784 → 16) expects [batch, 784], got [3, 5]")
  }

  @Test func givenParametersAreChecked() throws {
    #expect(throws: ShapeError.self) { try Dense(weight: .zeros([3]), bias: nil) }
    #expect(throws: ShapeError.self) { try Dense(weight: .zeros([3, 2]), bias: .zeros([2])) }
    #expect(throws: ShapeError.self) { try Dense(outputs: 3)(.zeros([1, 2])) }
    #expect(throws: ShapeError.self) { try Dense(outputs: .max).outputShape(for: [2, 3]) }
    let given = try Dense(weight: Tensor([2, 3], shape: [1, 2]), bias: Tensor([1]))
    #expect(try given.initialized(for: [2], seed: 5)(Tensor([10, 100], shape: [1, 2])).array == [321])
    #expect(throws: ShapeError.self) { try given.initialized(for: [3], seed: 5) }
  }

  @Test func printsAsTheCallThatMakesIt() throws {
    let dense = Dense(outputs: 4, activation: .relu)
    #expect("\(dense)" == "Dense(→ 4, relu)")
    #expect("\(try dense.initialized(for: [3], seed: 0))" == "Dense(3 → 4, relu)")
  }
}
