import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct EmbeddingBagTests {
  @Test func byHand() throws {
    let table = try Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let bags = try Indices([2, 0, 1, 1], shape: [2, 2])
    #expect(try embeddingBag(bags, table: table) == Tensor([3, 4, 3, 4], shape: [2, 2]))
    #expect(try embeddingBag(bags, table: table, reduction: .sum) == Tensor([6, 8, 6, 8], shape: [2, 2]))
    // Padding counts for nothing; nothing but padding is zero.
    #expect(try embeddingBag(bags, table: table, padding: 1) == Tensor([3, 4, 0, 0], shape: [2, 2]))
    #expect(try embeddingBag([2, 1, 0], table: table, padding: 1).array == [3, 4])
  }

  @Test func isTheMeanOfEmbeddedWords() throws {
    let table = Tensor.normal([50, 7], seed: 1)
    let bags = try Indices((0..<2 * 3 * 11).map { $0 * 37 % 50 }, shape: [2, 3, 11])
    let target = Tensor.normal([2, 3, 7], seed: 2)
    func gradient(_ output: (Tensor) throws -> Tensor) throws -> (loss: Float, gradient: [Float]) {
      let tape = Tape()
      let loss = try meanSquaredError(output(tape.watch(table)), target)
      return (try loss.item(), try #require(try tape.gradients(of: loss)[0]).array)
    }
    let bag = try gradient { try embeddingBag(bags, table: $0) }
    let words = try gradient { try mean(embedding(bags, table: $0), along: [2]) }
    expectClose([bag.loss], [words.loss], tolerance: 1e-6)
    expectClose(bag.gradient, words.gradient, tolerance: 1e-6)
  }

  @Test func gradients() throws {
    let bags = try Indices([2, 0, 2, 3, 1, 1], shape: [2, 3])
    for reduction in [BagReduction.sum, .mean] {
      for padding in [nil, 1, 2] {
        try checkGradients(at: [.normal([4, 3], seed: 3)]) {
          try embeddingBag(bags, table: $0[0], reduction: reduction, padding: padding)
        }
      }
    }
  }

  /// So many rows that several threads take part.
  @Test func noBitDependsOnTheNumberOfThreads() throws {
    let bags = try Indices((0..<64 * 64).map { $0 * 7919 % 3000 }, shape: [64, 64])
    let table = Tensor.normal([3000, 65], seed: 5)
    func step() throws -> (output: Tensor, gradient: Gradient?) {
      let tape = Tape()
      let output = try embeddingBag(bags, table: tape.watch(table))
      return (output.detached, try tape.sparseGradients(of: meanSquaredError(output, .zeros([64, 65])))[0])
    }
    let alone = try Threads.$limit.withValue(1) { try step() }
    let together = try step()
    #expect(alone.output == together.output)
    #expect(alone.gradient?.dense == together.gradient?.dense)
  }

  @Test func paddingLearnsNothing() throws {
    let tape = Tape()
    let bags = try Indices([1, 0, 1, 1], shape: [2, 2])
    let output = try embeddingBag(bags, table: tape.watch(.normal([300, 2], seed: 5)), padding: 1)
    let gradient = try #require(try tape.sparseGradients(of: meanSquaredError(output, .zeros([2, 2])))[0])
    guard case .rows(let rows) = gradient else { return #expect(Bool(false), "a gradient by rows") }
    #expect(rows.indices == [0])
  }

  @Test func whatDoesNotFitThrows() throws {
    let table = Tensor.zeros([3, 2])
    let error = #expect(throws: ShapeError.self) {
      try embeddingBag(Indices([0, 1, 3, 2], shape: [2, 2]), table: table)
    }
    #expect(error?.description == "embeddingBag expects indices in 0..<3, got 3 at [1, 0]")
    #expect(throws: ShapeError.self) { try embeddingBag([-1], table: table) }
    #expect(throws: ShapeError.self) { try embeddingBag([0], table: .zeros([3])) }
    #expect(throws: ShapeError.self) { try embeddingBag([], table: table) }
    #expect(throws: ShapeError.self) { try embeddingBag(Indices([], shape: [1 << 40, 0]), table: table) }
    #expect(throws: ShapeError.self) { try embeddingBag(Indices([1], shape: []), table: table) }
    #expect(try embeddingBag(Indices([], shape: [0, 4]), table: table).shape == [0, 2])
    #expect(try embeddingBag([2], table: .zeros([3, 0])).shape == [0])
  }
}
