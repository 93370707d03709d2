import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct LinearOfNeuronsTests {
  private let input = Tensor.normal([2, 3, 4], seed: 1)
  private let weight = Tensor.normal([6, 4], seed: 2)
  private let bias = Tensor.normal([6], seed: 3)

  @Test func isAPartOfTheWholeLayer() throws {
    let whole = try linear(input, weight: weight, bias: bias)
    for neurons in [0..<6, 0..<2, 2..<5, 5..<6, 3..<3] {
      let part = try linear(input, weight: weight, bias: bias, neurons: neurons)
      #expect(part.shape == [2, 3, neurons.count])
      let expected = stride(from: 0, to: 36, by: 6).flatMap { row in
        neurons.map { whole.array[row + $0] }
      }
      expectClose(part.array, expected, tolerance: 1e-6)
    }
  }

  @Test func gradients() throws {
    try checkGradients(at: [input, weight, bias]) {
      try linear($0[0], weight: $0[1], bias: $0[2], neurons: 1..<4)
    }
    // Two parts of one weight: the rows' gradients meet in one tensor.
    try checkGradients(at: [input, weight]) {
      let hidden = try linear($0[0], weight: $0[1], bias: nil, neurons: 0..<4)
      return try linear(hidden, weight: $0[1], bias: nil, neurons: 2..<6)
    }
  }

  @Test func whatDoesNotFitThrows() throws {
    #expect(throws: ShapeError.self) { try linear(input, weight: weight, bias: nil, neurons: 4..<7) }
    #expect(throws: ShapeError.self) { try linear(input, weight: weight, bias: nil, neurons: -1..<3) }
    #expect(throws: ShapeError.self) { try linear(input, weight: .zeros([6, 5]), bias: nil, neurons: 0..<2) }
    #expect(throws: ShapeError.self) { try linear(input, weight: weight, bias: .zeros([2]), neurons: 0..<2) }
    #expect(throws: ShapeError.self) { try linear(input, weight: .zeros([6]), bias: nil, neurons: 0..<2) }
  }
}
