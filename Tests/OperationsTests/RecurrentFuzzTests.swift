import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

/// Each whole-sequence operation against its formulas, step by step.
@Suite(.onEveryBackend) struct RecurrentFuzzTests {
  @Test(arguments: RecurrentOracle.allCases, 1...6 as ClosedRange<UInt64>)
  func agreesWithItsFormulas(_ kind: RecurrentOracle, seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    func size(_ most: Int) -> Int { 1 + Int(random.next() % UInt64(most)) }
    let (batch, steps, inputs, hidden) = (size(4), size(5), size(4), size(18))
    let lengths = size(2) == 1 ? (0..<batch).map { _ in size(steps) } : nil
    let (isReversed, hasBias) = (size(2) == 1, size(3) > 1)
    let input = Tensor.normal([batch, steps, inputs], &random)
    let states = (0..<2).map { _ in Tensor.normal([batch, hidden], &random) }
    let gates = (0..<kind.gates).map { _ in
      RecurrentWeights(
        input: .normal([hidden, inputs], &random), recurrent: .normal([hidden, hidden], &random),
        inputBias: hasBias ? .normal([hidden], &random) : nil,
        recurrentBias: hasBias ? .normal([hidden], &random) : nil)
    }
    let target = Tensor.normal([batch * (steps + (kind == .lstm ? 2 : 1)) * hidden], &random)
    poison(16, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024)

    // What lies past the end of a sequence must not matter, not even NaN.
    var padded = input
    for example in 0..<batch {
      for time in (lengths?[example] ?? steps)..<steps {
        for index in 0..<inputs { padded[example, time, index] = .nan }
      }
    }
    let tape = Tape()
    let weights = RecurrentWeights(
      input: tape.watch(try stacked(gates.map(\.input))),
      recurrent: tape.watch(try stacked(gates.map(\.recurrent))),
      inputBias: hasBias ? tape.watch(try stacked(gates.compactMap(\.inputBias))) : nil,
      recurrentBias: hasBias ? tape.watch(try stacked(gates.compactMap(\.recurrentBias))) : nil)
    let results = try kind.run(
      tape.watch(padded), weights, tape.watch(states[0]), kind == .lstm ? tape.watch(states[1]) : nil,
      lengths: lengths, isReversed: isReversed)
    let result = try joined(results)
    let gradients = try tape.gradients(of: meanSquaredError(result, target))

    let oracle = Tape()
    let inputsByStep = (0..<steps).map { oracle.watch(slice(input, at: $0)) }
    let watched = gates.map { gate in
      RecurrentWeights(
        input: oracle.watch(gate.input), recurrent: oracle.watch(gate.recurrent),
        inputBias: gate.inputBias.map(oracle.watch), recurrentBias: gate.recurrentBias.map(oracle.watch))
    }
    var (h, c) = (oracle.watch(states[0]), oracle.watch(states[1]))
    var outputs = inputsByStep
    for time in isReversed ? Array((0..<steps).reversed()) : Array(0..<steps) {
      let isPresent = Tensor(shape: [batch, hidden]) {
        for index in $0.indices { $0[index] = time < lengths?[index / hidden] ?? steps ? 1 : 0 }
      }
      let next = try kind.step(inputsByStep[time], h, c, watched)
      h = try RecurrentOracle.plus(
        RecurrentOracle.times(isPresent, next.h),
        RecurrentOracle.times(RecurrentOracle.oneMinus(isPresent), h))
      c = try RecurrentOracle.plus(
        RecurrentOracle.times(isPresent, next.c),
        RecurrentOracle.times(RecurrentOracle.oneMinus(isPresent), c))
      outputs[time] = try RecurrentOracle.times(isPresent, h)
    }
    let all = try joined(outputs + [h] + (kind == .lstm ? [c] : []))
    let expected = try oracle.gradients(of: meanSquaredError(all, byStep(target, batch, steps, hidden)))

    let comment =
      "\(kind), seed \(seed): \(batch) × \(steps) × \(inputs) → \(hidden), \(lengths ?? []), \(isReversed)"
    expectClose(
      byStep(result.detached, batch, steps, hidden).array, all.array, tolerance: 1e-5, comment)
    let inputTerms = try #require(gradients[hasBias ? 4 : 2])
    for time in 0..<steps {
      let term = expected[time] ?? .zeros([batch, inputs])
      expectClose(slice(inputTerms, at: time).array, term.array, tolerance: 1e-4, "input, " + comment)
    }
    let kinds = hasBias ? 4 : 2
    for parameter in 0..<kinds {
      let parts = try (0..<kind.gates).map { try #require(expected[steps + $0 * kinds + parameter]).array }
      expectClose(
        try #require(gradients[parameter]).array, parts.flatMap(\.self), tolerance: 1e-4,
        "parameter \(parameter), " + comment)
    }
    for state in 0..<(kind == .lstm ? 2 : 1) {
      expectClose(
        try #require(gradients[kinds + 1 + state]).array,
        try #require(expected[steps + kind.gates * kinds + state]).array, tolerance: 1e-4,
        "state \(state), " + comment)
    }
  }

  /// Many examples of one step, whose elements are shared; few of several steps, which are shared themselves; one and two of
  /// many neurons, which are shared at each step. In a process of its own, since the number of threads is the whole process's.
  @Test func theNumberOfThreadsDoesNotMatter() async {
    await #expect(processExitsWith: .success) {
      func results(_ run: (Tensor, RecurrentWeights, [Int]) throws -> Tensor, gates: Int) throws -> [[Tensor]]
      {
        try [(768, 1, 16), (26, 300, 16), (1, 5, 450), (2, 5, 450)].map { batch, steps, hidden in
          let tape = Tape()
          let recurrent = Tensor.normal([gates * hidden, hidden], seed: 2)
          let weights = RecurrentWeights(
            input: tape.watch(.normal([gates * hidden, 5], seed: 1)),
            recurrent: tape.watch(
              try Tensor(recurrent.array.map { $0 / Float(hidden).squareRoot() }, shape: recurrent.shape)),
            inputBias: tape.watch(.normal([gates * hidden], seed: 3)),
            recurrentBias: tape.watch(.normal([gates * hidden], seed: 4)))
          let input = tape.watch(.normal([batch, steps, 5], seed: 5))
          let output = try run(input, weights, (0..<batch).map { 1 + 7 * $0 % steps })
          let loss = try meanSquaredError(output, .zeros(output.shape))
          return try [output.detached] + tape.gradients(of: loss).compactMap(\.self)
        }
      }
      try BLAS.$backend.withValue(SwiftBackend()) {
        func all() throws -> [[Tensor]] {
          try results({ try lstm($0, weights: $1, lengths: $2).output }, gates: 4)
            + results({ try gru($0, weights: $1, lengths: $2, isReversed: true).output }, gates: 3)
            + results({ try simpleRecurrent($0, weights: $1, lengths: $2).output }, gates: 1)
        }
        let runs = try [1, 2, 3].map { count in
          Threads.count = count
          return try all()
        }
        try #require(runs[0].allSatisfy { $0.count == 6 })
        try #require(runs[1] == runs[0] && runs[2] == runs[0])
        // The same products with nothing packed, all inputs weighed at once.
        let plain = try BLAS.$backend.withValue(ObservedBackend(SwiftBackend()) { _, _ in }, operation: all)
        try #require(plain == runs[0])
      }
    }
  }

  private func stacked(_ tensors: [Tensor]) throws -> Tensor {
    let shape = tensors[0].shape
    return try Tensor(
      tensors.flatMap(\.array), shape: Shape([tensors.count * shape[0]] + shape.array.dropFirst()))
  }

  /// `[batch, steps, features]` at one step.
  private func slice(_ tensor: Tensor, at time: Int) -> Tensor {
    let (batch, features) = (tensor.shape[0], tensor.shape[2])
    return Tensor(shape: [batch, features]) { slice in
      for index in slice.indices { slice[index] = tensor[index / features, time, index % features] }
    }
  }

  /// Elements that begin with outputs `[batch, steps, hidden]`, with these in the order `[steps, batch, hidden]`.
  private func byStep(_ tensor: Tensor, _ batch: Int, _ steps: Int, _ hidden: Int) -> Tensor {
    var elements = tensor.array
    for example in 0..<batch {
      for time in 0..<steps {
        for index in 0..<hidden {
          elements[(time * batch + example) * hidden + index] =
            tensor[(example * steps + time) * hidden + index]
        }
      }
    }
    return Tensor(elements)
  }
}
