import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct RecurrentTests {
  /// h₁ = tanh(1·1 + 0) and h₂ = tanh(0·1 + 2 h₁)
  @Test func aSimpleLayerByHand() throws {
    let weights = try RecurrentWeights(
      input: Tensor([1], shape: [1, 1]), recurrent: Tensor([2], shape: [1, 1]))
    let sequence = try simpleRecurrent(Tensor([1, 0], shape: [1, 2, 1]), weights: weights)
    expectClose(try sequence.output.array, [0.761_594_2, 0.909_251_7], tolerance: 1e-6)
    expectClose(try sequence.hidden.array, [0.909_251_7], tolerance: 1e-6)
    #expect(try sequence.cell == nil)
  }

  /// Gates σ(0) = ½ and candidates tanh(1): c₁ = ½ · 0.761594, h₁ = ½ tanh(c₁), c₂ = ½ c₁ + ½ · 0.761594.
  @Test func anLSTMByHand() throws {
    let weights = try RecurrentWeights(
      input: Tensor([0, 0, 1, 0], shape: [4, 1]), recurrent: .zeros([4, 1]))
    let sequence = try lstm(Tensor([1, 1], shape: [1, 2, 1]), weights: weights)
    expectClose(try sequence.output.array, [0.181_699_6, 0.258_118_5], tolerance: 1e-6)
    expectClose(try #require(try sequence.cell).array, [0.571_195_6], tolerance: 1e-6)
  }

  /// Gates σ(0) = ½; h₁ = ½ tanh(1) + ½ · 4, and h₂ = ½ tanh(1) + ½ h₁.
  @Test func aGRUByHand() throws {
    let weights = try RecurrentWeights(input: Tensor([0, 0, 1], shape: [3, 1]), recurrent: .zeros([3, 1]))
    let sequence = try gru(
      Tensor([1, 1], shape: [1, 2, 1]), weights: weights, hidden: Tensor([4], shape: [1, 1]))
    expectClose(try sequence.output.array, [2.380_797_1, 1.571_195_6], tolerance: 1e-6)
  }

  @Test(arguments: RecurrentOracle.allCases) func gradientsAgreeWithDifferences(_ kind: RecurrentOracle)
    throws
  {
    let (batch, steps, inputs, hidden) = (2, 3, 2, 2)
    let rows = kind.gates * hidden
    let tensors: [Tensor] = [
      .normal([batch, steps, inputs], seed: 1), .normal([rows, inputs], seed: 2),
      .normal([rows, hidden], seed: 3),
      .normal([rows], seed: 4), .normal([rows], seed: 5), .normal([batch, hidden], seed: 6),
      .normal([batch, hidden], seed: 7),
    ]
    for (lengths, isReversed) in [(nil, false), ([3, 1], false), ([2, 3], true)] as [([Int]?, Bool)] {
      try checkGradients(at: tensors, step: 0x1p-7) {
        let weights = RecurrentWeights(input: $0[1], recurrent: $0[2], inputBias: $0[3], recurrentBias: $0[4])
        return try joined(
          kind.run(
            $0[0], weights, $0[5], kind == .lstm ? $0[6] : nil, lengths: lengths, isReversed: isReversed))
      }
    }
    try checkGradients(at: Array(tensors.prefix(3)), step: 0x1p-7) {
      try kind.run($0[0], RecurrentWeights(input: $0[1], recurrent: $0[2]), nil, nil)[0]
    }
    try checkGradients(at: [.normal([batch, inputs], seed: 8)] + tensors[1...2], step: 0x1p-7) {
      try kind.run($0[0], RecurrentWeights(input: $0[1], recurrent: $0[2]), tensors[5], nil)[1]
    }
  }

  /// Directions of different widths, one of them with a cell state: each takes its part of the error term.
  @Test func gradientsOfTwoDirectionsAgreeWithDifferences() throws {
    let tensors: [Tensor] = [
      .normal([2, 3, 2], seed: 1), .normal([2, 2], seed: 2), .normal([2, 2], seed: 3),
      .normal([4, 2], seed: 4), .normal([4, 1], seed: 5),
    ]
    for lengths in [nil, [3, 1]] as [[Int]?] {
      try checkGradients(at: tensors, step: 0x1p-7) {
        let forward = try simpleRecurrent(
          $0[0], weights: RecurrentWeights(input: $0[1], recurrent: $0[2]), lengths: lengths)
        let reversed = try lstm(
          $0[0], weights: RecurrentWeights(input: $0[3], recurrent: $0[4]), lengths: lengths,
          isReversed: true)
        return try forward.output(beside: reversed)
      }
    }
  }

  @Test func gradientsOfTheLastStepAgreeWithDifferences() throws {
    try checkGradients(at: [.normal([3, 2, 2], seed: 1)]) { try lastStep($0[0]) }
    try checkGradients(at: [.normal([3, 2, 2], seed: 1)]) { try lastStep($0[0], lengths: [2, 1, 1]) }
    let output = try lastStep(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3, 1]), lengths: [3, 2])
    #expect(output == (try Tensor([3, 5], shape: [2, 1])))
    #expect(throws: ShapeError.self) { try lastStep(.zeros([2, 3])) }
    #expect(throws: ShapeError.self) { try lastStep(.zeros([2, 0, 3])) }
    #expect(throws: ShapeError.self) { try lastStep(.zeros([2, 3, 1]), lengths: [3, 4]) }
  }

  /// One product for the inputs of all steps, one a step for the state, and as many back; one for each weight.
  @Test func productsAreFew() throws {
    func calls(batch: Int) throws -> [ObservedBackend.Product] {
      let log = ProductLog()
      try BLAS.$backend.withValue(log.backend) {
        let tape = Tape()
        let x = tape.watch(.normal([batch, 2, 5], seed: 1))
        let weights = RecurrentWeights(
          input: tape.watch(.normal([12, 5], seed: 2)), recurrent: tape.watch(.normal([12, 3], seed: 3)))
        _ = try tape.gradients(of: meanSquaredError(lstm(x, weights: weights).hidden, .zeros([batch, 3])))
      }
      return log.products
    }
    #expect(
      try calls(batch: 4) == [
        .gemm(.none, .transposed, m: 8, n: 12, k: 5),
        .gemm(.none, .transposed, m: 4, n: 12, k: 3), .gemm(.none, .transposed, m: 4, n: 12, k: 3),
        .gemm(.none, .none, m: 4, n: 3, k: 12),
        .gemm(.none, .none, m: 8, n: 5, k: 12),
        .gemm(.transposed, .none, m: 12, n: 5, k: 8),
        .gemm(.transposed, .none, m: 12, n: 3, k: 8),
      ])
    #expect(
      try calls(batch: 1).prefix(3) == [
        .gemm(.none, .transposed, m: 2, n: 12, k: 5),
        .gemv(.none, rows: 12, columns: 3), .gemv(.none, rows: 12, columns: 3),
      ])
  }

  @Test func anEmptyBatchGivesAnEmptyOutput() throws {
    let weights = RecurrentWeights(input: .zeros([4, 2]), recurrent: .zeros([4, 1]), inputBias: .zeros([4]))
    #expect(try lstm(.zeros([0, 3, 2]), weights: weights, lengths: []).output.shape == [0, 3, 1])
    #expect(try lstm(.zeros([0, 1 << 60, 2]), weights: weights).hidden.shape == [0, 1])
  }

  @Test func wrongShapesThrow() throws {
    let weights = RecurrentWeights(input: .zeros([6, 3]), recurrent: .zeros([6, 2]))
    #expect(throws: Never.self) { try gru(.zeros([2, 4, 3]), weights: weights, lengths: [4, 1]) }
    for input in [[2, 4, 2], [3], [2, 0, 3], [2, 4, 1, 3], []] as [Shape] {
      #expect(throws: ShapeError.self, "\(input)") { try gru(.zeros(input), weights: weights) }
    }
    for lengths in [[4], [4, 0], [4, 5], [4, -1], [1, 2, 3]] {
      #expect(throws: ShapeError.self, "\(lengths)") {
        try gru(.zeros([2, 4, 3]), weights: weights, lengths: lengths)
      }
    }
    for state in [[2, 3], [1, 2], [2], [2, 2, 1]] as [Shape] {
      #expect(throws: ShapeError.self, "\(state)") {
        try gru(.zeros([2, 4, 3]), weights: weights, hidden: .zeros(state))
      }
    }
    let shapes: [(Shape, Shape, Shape?)] = [
      ([6, 3], [5, 2], nil), ([5, 3], [6, 2], nil), ([6, 3], [6], nil), ([6], [6, 2], nil),
      ([6, 3], [6, 2], [5]),
      ([0, 3], [0, 0], nil), ([6, 0], [6, 2], nil), ([0, 3], [0, .max], nil),
    ]
    for (input, recurrent, bias) in shapes {
      let weights = RecurrentWeights(
        input: .zeros(input), recurrent: .zeros(recurrent), recurrentBias: bias.map(Tensor.zeros))
      #expect(throws: ShapeError.self, "\(input), \(recurrent)") {
        try gru(.zeros([2, 4, input.rank == 2 ? input[1] : 3]), weights: weights)
      }
    }
    let square = RecurrentWeights(input: .zeros([2, 3]), recurrent: .zeros([2, 2]))
    #expect(throws: ShapeError.self) {
      try simpleRecurrent(.zeros([2, 4, 3]), weights: square, activation: .heaviside)
    }
    let other = try gru(.zeros([2, 3, 3]), weights: weights)
    #expect(throws: ShapeError.self) { try gru(.zeros([2, 4, 3]), weights: weights).output(beside: other) }
  }
}
