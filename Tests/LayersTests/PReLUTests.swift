import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct PReLUTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(PReLU(), input: [3, 2], output: [3, 2], parameters: ["weight": [1]], wrongInput: nil)
    try checkLayer(
      PReLU(perChannel: true, slope: 0.1), input: [3, 2], output: [3, 2], parameters: ["weight": [3]],
      wrongInput: [4, 2])
    try checkLayer(LogSoftmax(), input: [3], output: [3], parameters: [:], wrongInput: [0])
    try checkLayer(Activation.gelu, input: [3], output: [3], parameters: [:], wrongInput: nil)
  }

  private struct Settings: Decodable { let perChannel: Bool }

  @Test(arguments: try ReferenceCase.all(in: "prelu")) func agreesWithPyTorch(_ reference: ReferenceCase)
    throws
  {
    try checkLayer(PReLU(perChannel: reference.settings(Settings.self).perChannel), against: reference)
  }

  @Test func badUseThrows() throws {
    #expect(throws: ShapeError.self) { try PReLU()(.zeros([2, 3])) }
    #expect(throws: ShapeError.self) { try PReLU(perChannel: true).outputShape(for: []) }
    #expect(throws: ShapeError.self) { try PReLU(perChannel: true).outputShape(for: [0, 2]) }
    #expect(throws: ShapeError.self) {
      try PReLU(perChannel: true).initialized(for: [3], seed: 1)(.zeros([3]))
    }
  }

  @Test func printsAsTheCallThatMakesIt() throws {
    #expect("\(PReLU())" == "PReLU()")
    #expect("\(try PReLU(perChannel: true).initialized(for: [3], seed: 1))" == "PReLU(3 channels)")
    #expect("\(Dense(outputs: 2, activation: .leakyRelu()))" == "Dense(→ 2, leakyRelu(slope: 0.01))")
    #expect("\(Activation.elu(alpha: 2)) \(Activation.geluTanh)" == "elu(alpha: 2.0) geluTanh")
  }
}
