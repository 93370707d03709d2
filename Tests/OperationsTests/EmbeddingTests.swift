import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct EmbeddingTests {
  @Test func byHand() throws {
    let tape = Tape()
    let table = tape.watch(try Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]))
    let output = try embedding([2, 0, 2], table: table)
    #expect(output.detached == (try Tensor([5, 6, 1, 2, 5, 6], shape: [3, 2])))
    // The mean of squares over six elements has the error term output / 3 against zeros.
    let loss = try meanSquaredError(output, .zeros([3, 2]))
    let gradient = try #require(try tape.gradients(of: loss)[0])
    expectClose(gradient.array, [1.0 / 3, 2.0 / 3, 0, 0, 10.0 / 3, 4], tolerance: 1e-6)
  }

  /// The lecture's way: a one-hot vector times a fully connected layer.
  @Test func isAOneHotVectorTimesALayer() throws {
    let table = Tensor.normal([5, 3], seed: 1)
    let indices = try Indices([4, 1, 1, 0, 4, 4], shape: [2, 3])
    let target = Tensor.normal([2, 3, 3], seed: 2)
    let oneHot = Tensor(shape: [2, 3, 5]) { x in
      x.initialize(repeating: 0)
      for (place, index) in indices.elements.enumerated() { x[place * 5 + index] = 1 }
    }
    let weight = Tensor(shape: [3, 5]) { for index in 0..<15 { $0[index] = table[index % 5, index / 5] } }

    let (rows, layer) = (Tape(), Tape())
    let looked = try embedding(indices, table: rows.watch(table))
    let multiplied = try linear(oneHot, weight: layer.watch(weight), bias: nil)
    expectClose(looked.array, multiplied.array, tolerance: 1e-7)
    let gradient = try #require(try rows.gradients(of: meanSquaredError(looked, target))[0])
    let transposed = try #require(try layer.gradients(of: meanSquaredError(multiplied, target))[0])
    let expected = (0..<15).map { transposed[$0 % 3, $0 / 3] }
    expectClose(gradient.array, expected, tolerance: 1e-6)
  }

  @Test func gradients() throws {
    let indices = try Indices([2, 0, 2, 3], shape: [2, 2])
    try checkGradients(at: [.normal([4, 3], seed: 3)]) { try embedding(indices, table: $0[0]) }
    // Used twice, once by look-up and once as a layer: tied weights.
    try checkGradients(at: [.normal([4, 3], seed: 4)]) {
      try linear(embedding(indices, table: $0[0]), weight: $0[0], bias: nil)
    }
  }

  @Test func paddingLearnsNothing() throws {
    let tape = Tape()
    let output = try embedding([1, 0, 1], table: tape.watch(.normal([3, 2], seed: 5)), padding: 1)
    let gradient = try #require(try tape.sparseGradients(of: meanSquaredError(output, .zeros([3, 2])))[0])
    guard case .rows(let rows) = gradient else { return #expect(Bool(false), "a gradient by rows") }
    #expect(rows.indices == [0])
  }

  @Test func whatDoesNotFitThrows() throws {
    let table = Tensor.zeros([3, 2])
    let error = #expect(throws: ShapeError.self) {
      try embedding(Indices([0, 1, 3, 2], shape: [2, 2]), table: table)
    }
    #expect(error?.description == "embedding expects indices in 0..<3, got 3 at [1, 0]")
    #expect(throws: ShapeError.self) { try embedding([-1], table: table) }
    #expect(throws: ShapeError.self) { try embedding([0], table: .zeros([3])) }
    #expect(throws: ShapeError.self) {
      try embedding(Indices([0], shape: [1, 1, 1, 1, 1, 1, 1, 1]), table: table)
    }
    #expect(try embedding([], table: table).shape == [0, 2])
    #expect(throws: ShapeError.self) { try embedding([0], table: .zeros([0, 2])) }
    #expect(try embedding([2], table: .zeros([3, 0])).shape == [1, 0])
  }
}
