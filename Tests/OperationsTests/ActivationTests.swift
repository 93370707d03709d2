import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct ActivationTests {
  @Test func valuesAreTheLectures() throws {
    let x = Tensor([-2, 0, 3])
    #expect(try relu(x).array == [0, 0, 3])
    #expect(try heaviside(x).array == [0, 0.5, 1])
    #expect(try activate(x, .linear(slope: 2, intercept: -1)).array == [-5, -1, 5])
    expectClose(try sigmoid(x).array, [0.11920292, 0.5, 0.95257413], tolerance: 1e-6)
    expectClose(try tanh(x).array, [-0.9640276, 0, 0.9950547], tolerance: 1e-6)
  }

  @Test func nothingOverflows() throws {
    let x = Tensor([-.infinity, -1000, 1000, .infinity])
    #expect(try sigmoid(x).array == [0, 0, 1, 1])
    #expect(try tanh(x).array == [-1, -1, 1, 1])
    #expect(try relu(Tensor([.nan]))[0].isNaN)
    #expect(try heaviside(Tensor([.nan]))[0].isNaN)
  }

  @Test(arguments: [
    Activation.identity, .linear(slope: -1.5, intercept: 2), .sigmoid, .tanh, .relu, .heaviside,
  ])
  func gradientsAgreeWithDifferences(_ activation: Activation) throws {
    let x = try Tensor([-2.5, -1, -0.3, 0.2, 0.7, 3], shape: [2, 3])
    try checkGradients(at: [x]) { try activate($0[0], activation) }
  }
}
