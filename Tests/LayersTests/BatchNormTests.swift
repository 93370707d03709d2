import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct BatchNormTests {
  @Test func passesTheChecksOfALayer() throws {
    let buffers: [String: Shape] = ["running_mean": [3], "running_var": [3]]
    let parameters: [String: Shape] = ["weight": [3], "bias": [3]]
    try checkLayer(
      BatchNorm(), input: [3], output: [3], parameters: parameters, buffers: buffers, wrongInput: [4])
    try checkLayer(
      BatchNorm(momentum: 0.9), input: [3, 4, 2], output: [3, 4, 2], parameters: parameters,
      buffers: buffers, wrongInput: [4, 3, 2])
    try checkLayer(
      BatchNorm(affine: false), input: [3, 5], output: [3, 5], parameters: [:], buffers: buffers,
      wrongInput: [])
  }

  private struct Settings: Decodable {
    let momentum: Float
    let epsilon: Float
    let affine: Bool
  }

  @Test(arguments: try ReferenceCase.all(in: "batch-normalization"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      BatchNorm(momentum: settings.momentum, epsilon: settings.epsilon, affine: settings.affine),
      against: reference)
  }

  @Test func runningStatisticsHonourTheMomentum() throws {
    var layer = try BatchNorm(momentum: 0.25, affine: false).initialized(for: [1], seed: 1)
    let batch = try Tensor([1, 3, 5], shape: [3, 1])
    for _ in 0..<2 {
      let pass = Pass(.training)
      _ = try layer(batch, in: pass)
      pass.commit(to: &layer)
    }
    // Mean 3, variance 4 = 8 / (3 − 1): 0 → 0.75 → 1.3125 and 1 → 1.75 → 2.3125.
    #expect(layer.buffers.map(\.value.array) == [[1.3125], [2.3125]])
  }

  @Test func twoCallsInOnePassBothCount() throws {
    var layer = try BatchNorm(momentum: 0.5, affine: false).initialized(for: [1], seed: 1)
    let pass = Pass(.training)
    _ = try layer(Tensor([7, 9], shape: [2, 1]), in: pass)
    _ = try layer(Tensor([1, 3], shape: [2, 1]), in: pass)
    pass.commit(to: &layer)
    // Means 8 and 2: 0 → 4 → 3.
    #expect(layer.buffers[0].value.array == [3])
  }

  @Test func oneValueForEachChannelThrowsInTraining() throws {
    let layer = try BatchNorm().initialized(for: [8], seed: 1)
    #expect(try layer(.zeros([1, 8])).shape == [1, 8])
    #expect(
      message { _ = try layer(.zeros([1, 8]), in: Pass(.training)) }
        == "BatchNorm(8) expects more than one value for each channel in training, got [1, 8]")
    #expect(throws: ShapeError.self) { try layer(.zeros([0, 8]), in: Pass(.training)) }
    #expect(try layer(.zeros([1, 8, 2]), in: Pass(.training)).shape == [1, 8, 2])
  }

  @Test func badSettingsThrow() {
    for layer in [
      BatchNorm(momentum: -0.1), BatchNorm(momentum: 1.1), BatchNorm(momentum: .nan), BatchNorm(epsilon: -1),
    ] {
      #expect(throws: ShapeError.self) { try layer.outputShape(for: [3]) }
      #expect(throws: ShapeError.self) { try layer.initialized(for: [3], seed: 1) }
    }
    #expect(throws: ShapeError.self) { try BatchNorm()(.zeros([2, 3])) }
    for channels in [0, 1 << 40, .max] {
      #expect(throws: ShapeError.self) { try BatchNorm().initialized(for: [channels], seed: 1) }
    }
    #expect(throws: ShapeError.self) { try BatchNorm().initialized(for: [3], seed: 1)(.zeros([3])) }
  }

  @Test func printsAsTheCallThatMakesIt() throws {
    #expect("\(BatchNorm())" == "BatchNorm()")
    #expect(
      "\(BatchNorm(momentum: 0.9, epsilon: 1, affine: false))"
        == "BatchNorm(momentum: 0.9, epsilon: 1.0, affine: false)")
    #expect("\(try BatchNorm().initialized(for: [8, 2], seed: 1))" == "BatchNorm(8)")
  }
}
