import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct SoftmaxTests {
  private struct Settings: Decodable { let kind: String }

  @Test(arguments: try ReferenceCase.all(in: "softmax"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let isLogarithm = try reference.settings(Settings.self).kind == "log-softmax"
    try checkOperation(against: reference) { try isLogarithm ? logSoftmax($0[0]) : softmax($0[0]) }
  }

  @Test func logarithmsByHand() throws {
    let l = try logSoftmax(Tensor([0, 0, 1000, 1000], shape: [2, 2]))
    expectClose(l.array, Array(repeating: -0.6931472, count: 4), tolerance: 1e-6)
    #expect(try logSoftmax(Tensor([0, 200])).array == [-200, 0])
    #expect(try logSoftmax(Tensor([.nan, 1])).array.allSatisfy(\.isNaN))
  }

  @Test func gradientsAgreeWithDifferences() throws {
    try checkGradients(at: [.normal([2, 3, 4], seed: 1)]) { try logSoftmax($0[0]) }
    try checkGradients(at: [.normal([5], seed: 2)]) { try softmax($0[0]) }
  }

  @Test func wrongShapesThrow() {
    #expect(throws: ShapeError.self) { try logSoftmax(Tensor(scalar: 1)) }
    #expect(throws: ShapeError.self) { try logSoftmax(.zeros([3, 0])) }
  }
}
