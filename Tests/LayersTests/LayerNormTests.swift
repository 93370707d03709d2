import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct LayerNormTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      LayerNorm(), input: [4, 3], output: [4, 3], parameters: ["weight": [3], "bias": [3]],
      wrongInput: [4, 2])
    try checkLayer(
      LayerNorm(axes: 2, bias: false), input: [2, 4, 3], output: [2, 4, 3], parameters: ["weight": [4, 3]],
      wrongInput: [2, 3, 4])
    try checkLayer(
      LayerNorm([5], affine: false), input: [5], output: [5], parameters: [:], wrongInput: [1])
    try checkLayer(
      RMSNorm(), input: [4, 3], output: [4, 3], parameters: ["weight": [3]], wrongInput: [4, 2])
    try checkLayer(
      RMSNorm([4, 3], affine: false), input: [4, 3], output: [4, 3], parameters: [:], wrongInput: [3])
  }

  private struct Settings: Decodable {
    let axes: Int
    let epsilon: Float
    let affine: Bool
    let bias: Bool?
  }

  @Test(arguments: try ReferenceCase.all(in: "layer-normalization"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      LayerNorm(
        axes: settings.axes, epsilon: settings.epsilon, affine: settings.affine, bias: settings.bias ?? true),
      against: reference)
  }

  @Test(arguments: try ReferenceCase.all(in: "rms-normalization"))
  func rootMeanSquareAgreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      RMSNorm(axes: settings.axes, epsilon: settings.epsilon, affine: settings.affine), against: reference)
  }

  @Test func badShapesAndSettingsThrow() throws {
    for layer in [
      LayerNorm(axes: 0), LayerNorm(axes: -1), LayerNorm(axes: 2), LayerNorm([4]), LayerNorm([2, 3]),
      LayerNorm([]), LayerNorm(epsilon: .nan), RMSNorm(axes: 0), RMSNorm([4]), RMSNorm(epsilon: -1),
    ] as [any Layer] {
      #expect(throws: ShapeError.self) { try layer.outputShape(for: [3]) }
      #expect(throws: ShapeError.self) { try layer.initialized(for: [3], seed: 1) }
      #expect(throws: ShapeError.self) { try layer(.zeros([2, 3])) }
    }
    #expect(throws: ShapeError.self) { try LayerNorm()(.zeros([2, 3])) }
    #expect(throws: ShapeError.self) { try LayerNorm().outputShape(for: [2, 0]) }
    #expect(throws: ShapeError.self) { try LayerNorm().initialized(for: [1 << 40], seed: 1) }
    #expect(throws: ShapeError.self) { try RMSNorm(axes: 2).initialized(for: [1 << 20, 1 << 20], seed: 1) }
    let layer = try LayerNorm().initialized(for: [3], seed: 1)
    #expect(
      message { _ = try layer(.zeros([2, 4])) } == "LayerNorm([3]) expects [batch, …] + [3], got [2, 4]")
  }

  @Test func printsAsTheCallThatMakesIt() throws {
    #expect("\(LayerNorm())" == "LayerNorm()")
    #expect("\(LayerNorm(axes: 2, bias: false))" == "LayerNorm(axes: 2, bias: false)")
    #expect("\(try LayerNorm(axes: 2).initialized(for: [2, 4, 3], seed: 1))" == "LayerNorm([4, 3])")
    #expect("\(RMSNorm([3], epsilon: 1, affine: false))" == "RMSNorm([3], epsilon: 1.0, affine: false)")
    #expect("\(RMSNorm())" == "RMSNorm()")
  }
}
