import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct GroupNormTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      GroupNorm(groups: 2), input: [4, 3, 2], output: [4, 3, 2], parameters: ["weight": [4], "bias": [4]],
      wrongInput: [6, 3, 2])
    try checkLayer(
      GroupNorm(groups: 3, affine: false), input: [6, 3], output: [6, 3], parameters: [:], wrongInput: [4, 3])
  }

  private struct Settings: Decodable {
    let groups: Int
    let epsilon: Float
    let affine: Bool
  }

  @Test(arguments: try ReferenceCase.all(in: "group-normalization"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      GroupNorm(groups: settings.groups, epsilon: settings.epsilon, affine: settings.affine),
      against: reference)
  }

  @Test func badShapesAndSettingsThrow() {
    for layer in [GroupNorm(groups: 0), GroupNorm(groups: -2), GroupNorm(groups: 2, epsilon: -1)] {
      #expect(throws: ShapeError.self) { try layer.outputShape(for: [4]) }
      #expect(throws: ShapeError.self) { try layer(.zeros([2, 4])) }
    }
    for shape in [[], [3, 2], [0], [1], [1 << 40]] as [Shape] {
      #expect(throws: ShapeError.self) { try GroupNorm(groups: 2).initialized(for: shape, seed: 1) }
    }
    #expect(throws: ShapeError.self) { try GroupNorm(groups: 2)(.zeros([2, 4])) }
    #expect(throws: ShapeError.self) { try GroupNorm(groups: 2)(.zeros([4])) }
  }

  @Test func printsAsTheCallThatMakesIt() throws {
    #expect("\(GroupNorm(groups: 2))" == "GroupNorm(groups: 2)")
    #expect("\(try GroupNorm(groups: 2).initialized(for: [4], seed: 1))" == "GroupNorm(4, groups: 2)")
  }
}
