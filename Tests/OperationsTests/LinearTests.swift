import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct LinearTests {
  @Test func aHandWorkedExample() throws {
    let weight = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let x = try Tensor([1, 0, -1, 2, 1, 0], shape: [2, 3])
    let y = try linear(x, weight: weight, bias: Tensor([10, 20]))
    #expect(y == (try Tensor([8, 18, 14, 33], shape: [2, 2])))
    #expect(try linear(Tensor([1, 0, -1]), weight: weight, bias: nil) == Tensor([-2, -2]))
  }

  @Test(arguments: [1, 2, 5], [Activation.identity, .sigmoid, .tanh, .linear(slope: 2, intercept: 1)])
  func gradientsAgreeWithDifferences(batch: Int, activation: Activation) throws {
    try checkGradients(
      at: [.normal([batch, 3], seed: 1), .normal([4, 3], seed: 2), .normal([4], seed: 3)]
    ) { try linear($0[0], weight: $0[1], bias: $0[2], activation: activation) }
    try checkGradients(at: [.normal([2, batch, 3], seed: 4), .normal([1, 3], seed: 5)]) {
      try linear($0[0], weight: $0[1], bias: nil, activation: activation)
    }
  }

  @Test func aSharedWeightGetsTheSum() throws {
    try checkGradients(at: [.normal([2, 3], seed: 1), .normal([3, 3], seed: 2), .normal([3], seed: 3)]) {
      let hidden = try linear($0[0], weight: $0[1], bias: $0[2], activation: .tanh)
      return try linear(hidden, weight: $0[1], bias: $0[2], activation: .sigmoid)
    }
  }

  @Test func anEmptyBatchGivesAnEmptyOutput() throws {
    let y = try linear(.zeros([0, 3]), weight: .zeros([2, 3]), bias: .zeros([2]))
    #expect(y.shape == [0, 2])
  }

  @Test func wrongShapesThrow() {
    #expect(throws: ShapeError.self) { try linear(.zeros([2, 4]), weight: .zeros([2, 3]), bias: nil) }
    #expect(throws: ShapeError.self) { try linear(.zeros([2, 3]), weight: .zeros([6]), bias: nil) }
    #expect(throws: ShapeError.self) {
      try linear(.zeros([2, 3]), weight: .zeros([2, 3]), bias: .zeros([3]))
    }
    #expect(throws: ShapeError.self) { try linear(Tensor(scalar: 1), weight: .zeros([2, 3]), bias: nil) }
  }

  /// Counts the calls that reach the backend: every product of the feed-forward and backward runs, and nothing besides.
  @Test func everyProductGoesThroughTheBackend() throws {
    func calls(batch: Int) throws -> [ObservedBackend.Product] {
      let log = ProductLog()
      try BLAS.$backend.withValue(log.backend) {
        let tape = Tape()
        let x = tape.watch(.normal([batch, 5], seed: 1))
        let w = tape.watch(.normal([4, 5], seed: 2))
        let y = try linear(x, weight: w, bias: nil, activation: .sigmoid)
        _ = try tape.gradients(of: meanSquaredError(y, .zeros([batch, 4])))
      }
      return log.products
    }
    #expect(
      try calls(batch: 3) == [
        .gemm(.none, .transposed, m: 3, n: 4, k: 5),
        .gemm(.none, .none, m: 3, n: 5, k: 4),
        .gemm(.transposed, .none, m: 4, n: 5, k: 3),
      ])
    #expect(
      try calls(batch: 1) == [
        .gemv(.none, rows: 4, columns: 5), .gemv(.transposed, rows: 4, columns: 5), .ger(rows: 4, columns: 5),
      ])
  }
}
