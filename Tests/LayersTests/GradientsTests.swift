import Layers
import Operations
import Tensors
import TestSupport
import Testing

/// The lecture's example, section "Backpropagation": two inputs, three hidden neurons, one output, all sigmoid. The
/// numbers are worked out in docs/worked-example.md.
@Suite(.onEveryBackend) struct GradientsTests {
  @Test func theLecturesUpdatesByHand() throws {
    let model = try WorkedExample()
    let rate: Float = 0.5
    let (loss, gradients) = try model.valueAndGradients { model in
      try meanSquaredError(model(Tensor([1, 2], shape: [1, 2])), Tensor([1], shape: [1, 1]))
    }
    #expect(abs(try loss.item() - 0.1946374844) < 1e-6)
    let updates = gradients.values.map { $0?.array.map { -rate * $0 } ?? [] }
    expectClose(
      updates[0],
      [0.0178925904, 0.0357851807, -0.0204486747, -0.0408973494, 0.0217037049, 0.0434074099], tolerance: 1e-6)
    expectClose(updates[1], [0.0677035496, 0.0677035496, 0.0360904954], tolerance: 1e-6)
  }

  @Test func gradientsAreFoundByPath() throws {
    let (_, gradients) = try WorkedExample().valueAndGradients {
      try meanSquaredError($0(.zeros([1, 2])), .zeros([1, 1]))
    }
    #expect(gradients.paths == ["first.weight", "second.weight"])
    #expect(gradients["second.weight"]?.shape == [1, 3])
    #expect(gradients["third.weight"] == nil)
  }

  @Test func gradientsOfAnotherModelAreRefused() throws {
    let (_, gradients) = try WorkedExample().valueAndGradients {
      try meanSquaredError($0(.zeros([1, 2])), .zeros([1, 1]))
    }
    var other = try Dense(outputs: 3).initialized(for: [3], seed: 1)
    let before = other.parameters.map(\.value)
    #expect(throws: ShapeError.self) {
      try other.update(with: gradients) { parameter, _ in parameter = .zeros([1]) }
    }
    #expect(other.parameters.map(\.value) == before)
  }

  @Test func aSnapshotKeepsItsWeights() throws {
    var model = try WorkedExample()
    let served = model
    let x = try Tensor([1, 2], shape: [1, 2])
    let before = try served(x)
    let (_, gradients) = try model.valueAndGradients { try meanSquaredError($0(x), .zeros([1, 1])) }
    try model.update(with: gradients) { $0.add($1, scaledBy: -1) }
    #expect(try served(x) == before)
    #expect(try model(x) != before)
  }

  @Test func aUniqueModelIsUpdatedInPlace() throws {
    var model = try WorkedExample()
    func addresses() -> [UInt] {
      model.parameters.map { $0.value.withUnsafeElements { UInt(bitPattern: $0.baseAddress) } }
    }
    let before = addresses()
    let (_, gradients) = try model.valueAndGradients {
      try meanSquaredError($0(.zeros([1, 2])), .zeros([1, 1]))
    }
    try model.update(with: gradients) { $0.add($1, scaledBy: -1) }
    #expect(addresses() == before)
  }
}

private struct WorkedExample: Layer {
  var first: Dense
  var second: Dense

  init() throws {
    first = try Dense(
      weight: Tensor([0.1, 0.2, -0.3, 0.4, 0.5, -0.6], shape: [3, 2]), bias: nil, activation: .sigmoid)
    second = try Dense(weight: Tensor([0.7, -0.8, 0.9], shape: [1, 3]), bias: nil, activation: .sigmoid)
  }

  func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try second(first(input, in: pass), in: pass)
  }

  func outputShape(for input: Shape) throws -> Shape {
    try second.outputShape(for: first.outputShape(for: input))
  }

  mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&first, named: "first")
    visitor.visit(&second, named: "second")
  }

  var description: String { "WorkedExample()" }
}
