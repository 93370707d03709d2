import Tensors
import Testing

@Suite struct IndicesTests {
  @Test func wholeNumbersOfATensor() throws {
    let indices = try Indices(Tensor([0, 1, 16_777_216, 3], shape: [2, 2]))
    #expect(indices == (try Indices([0, 1, 16_777_216, 3], shape: [2, 2])))
    #expect(indices.shape == [2, 2])
  }

  @Test(arguments: [0.5, -1, .nan, .infinity, 16_777_218, 1e30] as [Float]) func othersAreRefusedAtTheirPlace(
    _ number: Float
  ) throws {
    let error = #expect(throws: ShapeError.self) {
      try Indices(Tensor([0, 1, 2, number], shape: [2, 1, 2]))
    }
    #expect(error?.got == "\(number) at [1, 0, 1]")
  }

  @Test func asManyAsTheShapeHolds() throws {
    #expect(throws: ShapeError.self) { try Indices([1, 2, 3], shape: [2, 2]) }
    #expect("\(try Indices([1, 2], shape: [1, 2]))" == "Indices[1, 2] 1, 2")
    #expect(([4, 5] as Indices).shape == [2])
  }
}
