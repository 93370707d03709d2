import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct AttentionTests {
  @Test func byHand() throws {
    // Scores ln 3 and 0: the weights are 3/4 and 1/4.
    let q = try Tensor([1.0986123], shape: [1, 1, 1, 1])
    let k = try Tensor([1, 0], shape: [1, 1, 2, 1])
    let v = try Tensor([4, 8], shape: [1, 1, 2, 1])
    let output = try scaledDotProductAttention(queries: q, keys: k, values: v)
    expectClose(output.array, [5], tolerance: 1e-6)
  }

  private struct Settings: Decodable {
    var isCausal: Bool?
    var scale: Float?
    var lengths: [Int]?
    var additive: [Float?]?
  }

  @Test(arguments: try ReferenceCase.all(in: "scaled-dot-product-attention"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    try checkOperation(against: reference) { inputs in
      let additive = try settings.additive.map {
        try Tensor($0.map { $0 ?? -.infinity }, shape: [inputs[0].shape[2], inputs[1].shape[2]])
      }
      return try scaledDotProductAttention(
        queries: inputs[0], keys: inputs[1], values: inputs[2],
        mask: AttentionMask(lengths: settings.lengths, additive: additive),
        isCausal: settings.isCausal ?? false, scale: settings.scale)
    }
  }

  @Test func gradients() throws {
    let inputs = [
      Tensor.normal([1, 2, 3, 2], seed: 1), .normal([1, 2, 3, 2], seed: 2), .normal([1, 2, 3, 1], seed: 3),
    ]
    try checkGradients(at: inputs) {
      try scaledDotProductAttention(queries: $0[0], keys: $0[1], values: $0[2], isCausal: true)
    }
    let sequences = [
      Tensor.normal([2, 2, 4], seed: 4), .normal([2, 3, 4], seed: 5), .normal([2, 3, 2], seed: 6),
    ]
    try checkGradients(at: sequences) {
      try scaledDotProductAttention(
        queries: $0[0], keys: $0[1], values: $0[2], heads: 2, mask: AttentionMask(lengths: [3, 2]))
    }
    // One sequence in all three places: its three error terms add up.
    try checkGradients(at: [.normal([1, 3, 4], seed: 7)]) {
      try scaledDotProductAttention(queries: $0[0], keys: $0[0], values: $0[0], heads: 2)
    }
  }

  /// Sizes on both sides of the blocks' edges, every kind of mask, both layouts; memory is poisoned beforehand.
  @Test(arguments: 0..<10) func agreesWithTheFormula(_ number: Int) throws {
    var random = RandomSource(seed: UInt64(number))
    func draw(_ choices: [Int]) -> Int { choices[Int(random.next() % UInt64(choices.count))] }
    let (batch, heads) = (draw([1, 2]), draw([1, 2]))
    let (queries, keys) = (draw([1, 2, 64, 66]), draw([1, 3, 127, 128, 130]))
    let (width, valueWidth) = (draw([1, 2, 3]), draw([1, 2, 3]))
    let q = Tensor.normal([batch, heads, queries, width], &random)
    let k = Tensor.normal([batch, heads, keys, width], &random)
    let v = Tensor.normal([batch, heads, keys, valueWidth], &random)
    let error = Tensor.normal([batch, heads, queries, valueWidth], &random)
    let isCausal = random.next() % 2 == 0
    let lengths =
      random.next() % 2 == 0 ? (0..<batch).map { _ in Int(random.next() % UInt64(keys + 1)) } : nil
    let padding = drawn([batch, keys], one: 1, &random)
    let additive = drawn([queries, keys], one: -.infinity, &random)
    let mask = AttentionMask(lengths: lengths, padding: padding, additive: additive)
    func bias(_ example: Int, _ query: Int, _ key: Int) -> Double {
      if isCausal && key > query + keys - queries { return -.infinity }
      if let lengths, lengths[example] <= key { return -.infinity }
      if let padding, padding[example, key] != 0 { return -.infinity }
      return Double(additive?[query, key] ?? 0)
    }
    let expected = AttentionOracle(q, k, v, error: error, scale: 1 / Double(width).squareRoot(), bias: bias)

    for isSideBySide in [false, true] {
      func placed(_ tensor: Tensor) -> Tensor { isSideBySide ? sideBySide(tensor) : tensor }
      for tensor in [q, k, v, error] { _ = Tensor(repeating: .nan, shape: tensor.shape) }
      let tape = Tape()
      let inputs = [q, k, v].map { tape.watch(placed($0)) }
      let output =
        isSideBySide
        ? try scaledDotProductAttention(
          queries: inputs[0], keys: inputs[1], values: inputs[2], heads: heads, mask: mask, isCausal: isCausal
        )
        : try scaledDotProductAttention(
          queries: inputs[0], keys: inputs[1], values: inputs[2], mask: mask, isCausal: isCausal)
      let loss = try Tensor(scalar: 0).recorded(from: output) { Passing(error: placed(error)) }
      let gradients = try tape.gradients(of: loss)
      // Where a query sees one key only, what flows back to it cancels out: errors are those of the terms, about 1.
      func apart(_ tensor: Tensor?) -> [Double] {
        [1] + (tensor.map { (isSideBySide ? headsApart($0, heads: heads) : $0).array.map(Double.init) } ?? [])
      }
      let comment = "case \(number), side by side: \(isSideBySide)"
      expectClose(apart(output), [1] + expected.output, tolerance: 1e-5, comment)
      expectClose(apart(gradients[0]), [1] + expected.dq, tolerance: 3e-5, comment)
      expectClose(apart(gradients[1]), [1] + expected.dk, tolerance: 3e-5, comment)
      expectClose(apart(gradients[2]), [1] + expected.dv, tolerance: 3e-5, comment)
    }
  }

  @Test func droppedWeightsAreEnlargedOrGone() throws {
    var random = RandomSource(seed: 8)
    let dropout = try AttentionDropout(0.25, using: &random)
    let (q, k) = (Tensor.normal([1, 2, 66, 3], seed: 1), Tensor.normal([1, 2, 20, 3], seed: 2))
    // With the unit vectors as values, the output is the weights.
    let units = Tensor(shape: [1, 2, 20, 20]) { v in
      for index in v.indices { v[index] = index / 20 % 20 == index % 20 ? 1 : 0 }
    }
    let whole = try scaledDotProductAttention(queries: q, keys: k, values: units).array
    let left = try scaledDotProductAttention(queries: q, keys: k, values: units, dropout: dropout).array
    let stays = zip(left, whole).map { $0 / $1 }
    #expect(stays.allSatisfy { $0 == 0 || abs($0 - 4.0 / 3) < 1e-4 })
    let share = Float(stays.count { $0 != 0 }) / Float(stays.count)
    #expect(abs(share - 0.75) < 0.04)
    #expect(Set(stays.prefix(20).map { $0 == 0 }).count == 2)

    let inputs = [
      Tensor.normal([1, 1, 3, 2], seed: 3), .normal([1, 1, 4, 2], seed: 4), .normal([1, 1, 4, 2], seed: 5),
    ]
    try checkGradients(at: inputs) {
      try scaledDotProductAttention(queries: $0[0], keys: $0[1], values: $0[2], dropout: dropout)
    }
    for rate in [-0.1, 1, Float.nan] {
      #expect(throws: ShapeError.self) { try AttentionDropout(rate, using: &random) }
    }
  }

  @Test func aQueryThatSeesNothingGetsZeros() throws {
    let tape = Tape()
    let inputs = (1...3).map { tape.watch(Tensor.normal([2, 1, 2, 2], seed: $0)) }
    let output = try scaledDotProductAttention(
      queries: inputs[0], keys: inputs[1], values: inputs[2], mask: AttentionMask(lengths: [0, 2]))
    #expect(output.array.prefix(4) == [0, 0, 0, 0])
    let gradients = try tape.gradients(of: meanSquaredError(output, .normal([2, 1, 2, 2], seed: 4)))
    for gradient in gradients {
      #expect(gradient?.array.prefix(4) == [0, 0, 0, 0])
      #expect(gradient?.array.suffix(4).contains { $0 != 0 } == true)
    }
    // A row of −∞, the other row seeing all: the first query learns nothing.
    let hidden = AttentionMask(additive: try Tensor([-.infinity, -.infinity, 0, 0], shape: [2, 2]))
    let row = Tape()
    let watched = inputs.map { row.watch($0.detached) }
    let masked = try scaledDotProductAttention(
      queries: watched[0], keys: watched[1], values: watched[2], mask: hidden)
    #expect(masked.array.prefix(2) == [0, 0])
    let dq = try row.gradients(of: meanSquaredError(masked, .zeros([2, 1, 2, 2])))[0]
    #expect(dq?.array.prefix(2) == [0, 0])
    #expect(dq?.isFinite == true)
    // No keys at all.
    let nothing = try scaledDotProductAttention(
      queries: .zeros([1, 1, 2, 3]), keys: .zeros([1, 1, 0, 3]), values: .zeros([1, 1, 0, 2]))
    #expect(nothing == .zeros([1, 1, 2, 2]))
  }

  @Test func largeScoresNeitherOverflowNorLoseDigits() throws {
    let q = try Tensor([1000, 1000], shape: [1, 1, 2, 1])
    let k = try Tensor([30, 30.001, 29], shape: [1, 1, 3, 1])
    let v = try Tensor([1, 2, 3], shape: [1, 1, 3, 1])
    let expected = AttentionOracle(q, k, v, error: .zeros([1, 1, 2, 1]), scale: 1) { _, _, _ in 0 }
    let output = try scaledDotProductAttention(queries: q, keys: k, values: v)
    expectClose(output.array.map(Double.init), expected.output, tolerance: 2e-3)
  }

  @Test func notANumberIsNotHidden() throws {
    let q = try Tensor([1, 1], shape: [1, 1, 2, 1])
    let k = try Tensor([1, .nan, 2], shape: [1, 1, 3, 1])
    let output = try scaledDotProductAttention(queries: q, keys: k, values: k)
    #expect(output.array.allSatisfy { $0.isNaN })
  }

  @Test func whatDoesNotFitThrows() throws {
    let x = Tensor.zeros([2, 2, 3, 4])
    func attend(_ k: Shape, _ v: Shape, _ mask: AttentionMask = .none) throws {
      _ = try scaledDotProductAttention(queries: x, keys: .zeros(k), values: .zeros(v), mask: mask)
    }
    try attend([2, 2, 5, 4], [2, 2, 5, 1])
    #expect(throws: ShapeError.self) { try attend([2, 2, 5, 3], [2, 2, 5, 1]) }
    #expect(throws: ShapeError.self) { try attend([2, 2, 5, 4], [2, 2, 4, 1]) }
    #expect(throws: ShapeError.self) { try attend([1, 2, 5, 4], [1, 2, 5, 1]) }
    #expect(throws: ShapeError.self) { try attend([2, 5, 4], [2, 5, 1]) }
    for mask in [
      AttentionMask(lengths: [1]), AttentionMask(lengths: [1, 6]), AttentionMask(lengths: [-1, 2]),
      AttentionMask(padding: .zeros([2, 4])), AttentionMask(additive: .zeros([5, 3])),
    ] {
      #expect(throws: ShapeError.self) { try attend([2, 2, 5, 4], [2, 2, 5, 1], mask) }
    }
    let y = Tensor.zeros([2, 3, 4])
    for heads in [0, -1, 3, 8] {
      #expect(throws: ShapeError.self) {
        try scaledDotProductAttention(queries: y, keys: y, values: y, heads: heads)
      }
    }
  }
}

/// What depends on threads and memory being nobody else's runs in a process of its own.
@Suite struct AttentionResourceTests {
  @Test func memoryGrowsWithTheLengthOnly() async {
    await #expect(processExitsWith: .success) {
      for backend in BLAS.available {
        try BLAS.$backend.withValue(backend) {
          StoragePool.trim()
          let tape = Tape()
          let inputs = (1...3).map { tape.watch(Tensor.normal([1, 1, 512, 1], seed: $0)) }
          let output = try scaledDotProductAttention(queries: inputs[0], keys: inputs[1], values: inputs[2])
          _ = try tape.gradients(of: meanSquaredError(output, .zeros([1, 1, 512, 1])))
          // All scores would take 1 MiB.
          try #require(StoragePool.usedBytes + StoragePool.keptBytes < 1 << 16)
        }
      }
    }
  }

  @Test func threadsDoNotChangeAnything() async {
    await #expect(processExitsWith: .success) {
      func run(_ threads: Int) throws -> [Tensor?] {
        Threads.count = threads
        let tape = Tape()
        let inputs = (1...3).map { tape.watch(Tensor.normal([2, 4, 64, 16], seed: $0)) }
        let output = try scaledDotProductAttention(
          queries: inputs[0], keys: inputs[1], values: inputs[2], isCausal: true)
        return [output.detached] + (try tape.gradients(of: meanSquaredError(output, .zeros([2, 4, 64, 16]))))
      }
      for backend in BLAS.available {
        try BLAS.$backend.withValue(backend) { try #require(try run(1) == run(3)) }
      }
    }
  }

  @Test func threadsComputeOnTheTasksBackend() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 2
      let log = ProductLog(SwiftBackend())
      let x = Tensor.normal([1, 8, 64, 16], seed: 1)
      try BLAS.$backend.withValue(log.backend) {
        _ = try scaledDotProductAttention(queries: x, keys: x, values: x)
      }
      try #require(log.products.count == 16)
    }
  }
}

/// A sum whose error term is given.
private struct Passing: DifferentiableOperation {
  let error: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) { inputs.add(self.error, to: 0) }
}

/// A mask that is there half the time, with `one` in a fifth of its places.
private func drawn(_ shape: Shape, one: Float, _ random: inout RandomSource) -> Tensor? {
  guard random.next() % 2 == 0 else { return nil }
  return Tensor(shape: shape) { for index in $0.indices { $0[index] = random.next() % 5 == 0 ? one : 0 } }
}

/// `[batch, heads, length, width]` as `[batch, length, heads · width]`.
private func sideBySide(_ x: Tensor) -> Tensor {
  let (batch, heads, length, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
  return Tensor(shape: [batch, length, heads * width]) { y in
    for index in y.indices {
      let (place, column) = (index / (heads * width), index % (heads * width))
      y[index] = x[place / length, column / width, place % length, column % width]
    }
  }
}

/// The way back.
private func headsApart(_ x: Tensor, heads: Int) -> Tensor {
  let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2] / heads)
  return Tensor(shape: [batch, heads, length, width]) { y in
    for index in y.indices {
      let (row, column) = (index / width, index % width)
      y[index] = x[row / (heads * length), row % length, row / length % heads * width + column]
    }
  }
}
