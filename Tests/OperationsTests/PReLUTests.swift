import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct PReLUOperationTests {
  @Test func byHand() throws {
    let x = try Tensor([-2, 4, 6, -8], shape: [2, 2])
    #expect(try prelu(x, slope: Tensor([0.5, 0.25])).array == [-1, 4, 6, -2])
    #expect(try prelu(x, slope: Tensor([0.5])).array == [-1, 4, 6, -4])
  }

  @Test(arguments: [1, 3]) func gradientsAgreeWithDifferences(slopes: Int) throws {
    let x = Tensor.normal([2, 3, 2, 1], seed: 3)
    try checkGradients(at: [x, .normal([slopes], seed: 2)]) { try prelu($0[0], slope: $0[1]) }
  }

  @Test func wrongShapesThrow() {
    #expect(throws: ShapeError.self) { try prelu(.zeros([2, 3]), slope: .zeros([2])) }
    #expect(throws: ShapeError.self) { try prelu(.zeros([3]), slope: .zeros([3])) }
    #expect(throws: ShapeError.self) { try prelu(.zeros([2, 3]), slope: .zeros([1, 3])) }
    #expect(throws: ShapeError.self) { try prelu(.zeros([2, 0]), slope: .zeros([0])) }
  }

  @Test func anEmptyBatchGivesAnEmptyOutput() throws {
    #expect(try prelu(.zeros([0, 3]), slope: .zeros([3])).shape == [0, 3])
  }
}
