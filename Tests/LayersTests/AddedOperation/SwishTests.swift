import NeuralNetworks
import TestSupport
import Testing

@Suite(.onEveryBackend) struct SwishTests {
  @Test func aHandWorkedExample() throws {
    // ℓ(2 · 0) = 1/2, ℓ(2 · 1) = 0.880797
    expectClose(try swish(Tensor([0, 1]), slope: Tensor([2])).array, [0, 0.880797], tolerance: 1e-6)
  }

  @Test func theOperationAgreesWithItsParts() throws {
    let (x, slope) = (Tensor.normal([2, 3], seed: 3), Tensor([0.7]))
    expectClose(
      try swish(x, slope: slope).array, try (x * sigmoid(slope * x)).array, tolerance: 1e-6)
  }

  @Test func gradientsAgreeWithDifferences() throws {
    try checkGradients(at: [.normal([2, 3], seed: 1), Tensor([1.5])]) { try swish($0[0], slope: $0[1]) }
  }

  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(Swish(), input: [3], output: [3], parameters: ["slope": [1]], wrongInput: nil)
  }

  @Test func aWrongSlopeThrows() {
    #expect(throws: ShapeError.self) { try swish(.zeros([3]), slope: .zeros([3])) }
  }
}
