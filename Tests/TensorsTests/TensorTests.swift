import TestSupport
import Testing

import Tensors

@Suite struct TensorTests {
  @Test func shapesCompareAndPrint() {
    #expect(Shape([2, 3]) == [2, 3])
    #expect(Shape([2, 3]) != [3, 2])
    #expect("\(Shape([2, 3]))" == "[2, 3]")
    #expect(Shape([]).count == 1)
    #expect(Shape([4, 0, 2]).count == 0)
    #expect(Shape([5, 6, 7])[-1] == 7)
  }

  @Test func shapesFromFilesAreChecked() {
    #expect(Shape(exactly: [2, -1]) == nil)
    #expect(Shape(exactly: [Int.max, 2]) == nil)
    #expect(Shape(exactly: [0, 1 << 40, 1 << 40]) == nil)
    #expect(Shape(exactly: [1 << 40, 0, 1 << 20])?.count == 0)
    #expect(Shape(exactly: Array(repeating: 1, count: 9)) == nil)
    #expect(Shape(exactly: [3, 4])?.count == 12)
  }

  @Test func copiesAreIndependent() throws {
    let original = try Tensor([1, 2, 3, 4], shape: [2, 2])
    var copy = original
    copy[0, 1] = 9
    #expect(original.array == [1, 2, 3, 4])
    #expect(copy.array == [1, 9, 3, 4])
    #expect(copy[0, 1] == 9)
  }

  @Test func aUniqueTensorChangesInPlace() {
    var tensor = Tensor.zeros([1000])
    let before = tensor.withUnsafeElements { $0.baseAddress }
    tensor.add(Tensor(repeating: 1, shape: [1000]), scaledBy: 2)
    #expect(tensor.withUnsafeElements { $0.baseAddress } == before)
    #expect(tensor.array == Array(repeating: 2, count: 1000))
  }

  @Test func reshapingKeepsTheElements() throws {
    let tensor = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(try tensor.reshaped(to: [3, 2]).array == tensor.array)
    #expect(throws: ShapeError.self) { try tensor.reshaped(to: [4, 2]) }
  }

  @Test func wrongCountsThrow() {
    #expect(throws: ShapeError.self) { try Tensor([1, 2, 3], shape: [2, 2]) }
    #expect(throws: ShapeError.self) { try Tensor([1, 2]).item() }
  }

  @Test func rowsAreGathered() throws {
    let tensor = try Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    #expect(tensor.rows([2, 0, 2]) == (try Tensor([5, 6, 1, 2, 5, 6], shape: [3, 2])))
    #expect(tensor.rows([]).shape == [0, 2])
  }

  @Test func errorsReadAsOneLine() {
    let error = ShapeError("Dense(784 → 128)", expected: "[batch, 784]", got: Shape([3, 5])).within("hidden2")
    #expect("\(error)" == "hidden2: Dense(784 → 128) expects [batch, 784], got [3, 5]")
  }
}
