import Layers
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct OptimizerTests {
  private struct Settings: Decodable {
    let learningRate: Float
    let meanDecay, squareDecay, epsilon: Float?
  }

  @Test(arguments: try ReferenceCase.all(in: "optimizers")) func followsPyTorchForAHundredSteps(
    _ reference: ReferenceCase
  ) throws {
    let settings = try reference.settings(Settings.self)
    var optimizer = Adam(
      learningRate: settings.learningRate, meanDecay: settings.meanDecay ?? 0.9,
      squareDecay: settings.squareDecay ?? 0.999, epsilon: settings.epsilon ?? 1e-8)
    let network = try Sequential(input: [4], seed: 1) {
      Dense(outputs: 6)
      Activation.tanh
      Dense(outputs: 3)
    }
    try checkModule(
      network, against: reference, steps: 100, optimizer: { try optimizer.update(&$0, with: $1) },
      { try $0($1[0], in: $2) })
  }

  @Test func aParameterWithoutGradientStays() throws {
    struct Pair: Module {
      var used = Tensor([1, 2])
      var unused = Tensor([3])
      mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.visit(&used, named: "used")
        visitor.visit(&unused, named: "unused")
      }
    }
    var (pair, adam) = (Pair(), Adam(learningRate: 0.5))
    let (_, gradients) = try pair.valueAndGradients { try meanSquaredError($0.used, Tensor([0, 0])) }
    try adam.update(&pair, with: gradients)
    #expect(pair.unused.array == [3])
    // The first step is α along the sign of the gradient.
    expectClose(pair.used.array, [0.5, 1.5], tolerance: 1e-6)
  }
}
