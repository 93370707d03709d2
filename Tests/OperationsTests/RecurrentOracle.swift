import Operations
import Tensors

/// Recurrent cells as their formulas read, one small operation after the other, the weights of each gate apart.
enum RecurrentOracle: CaseIterable {
  case simple, relu, lstm, gru

  var gates: Int { self == .lstm ? 4 : self == .gru ? 3 : 1 }

  /// The library's operation, and its output and final states.
  func run(
    _ input: Tensor, _ weights: RecurrentWeights, _ hidden: Tensor?, _ cell: Tensor?, lengths: [Int]? = nil,
    isReversed: Bool = false
  ) throws -> [Tensor] {
    let sequence =
      switch self {
      case .simple, .relu:
        try simpleRecurrent(
          input, weights: weights, hidden: hidden, activation: self == .relu ? .relu : .tanh,
          lengths: lengths,
          isReversed: isReversed)
      case .lstm:
        try Operations.lstm(
          input, weights: weights, hidden: hidden, cell: cell, lengths: lengths, isReversed: isReversed)
      case .gru:
        try Operations.gru(input, weights: weights, hidden: hidden, lengths: lengths, isReversed: isReversed)
      }
    return try [sequence.output, sequence.hidden] + [sequence.cell].compactMap(\.self)
  }

  /// The states after one step.
  func step(_ x: Tensor, _ h: Tensor, _ c: Tensor, _ gates: [RecurrentWeights]) throws -> (
    h: Tensor, c: Tensor
  ) {
    func ofInput(_ gate: Int) throws -> Tensor {
      try linear(x, weight: gates[gate].input, bias: gates[gate].inputBias)
    }
    func ofState(_ gate: Int) throws -> Tensor {
      try linear(h, weight: gates[gate].recurrent, bias: gates[gate].recurrentBias)
    }
    func sum(_ gate: Int) throws -> Tensor { try Self.plus(ofInput(gate), ofState(gate)) }
    switch self {
    case .simple: return (try tanh(sum(0)), c)
    case .relu: return (try Operations.relu(sum(0)), c)
    case .lstm:
      let c = try Self.plus(Self.times(sigmoid(sum(1)), c), Self.times(sigmoid(sum(0)), tanh(sum(2))))
      return (try Self.times(sigmoid(sum(3)), tanh(c)), c)
    case .gru:
      let (r, z) = (try sigmoid(sum(0)), try sigmoid(sum(1)))
      let n = try tanh(Self.plus(ofInput(2), Self.times(r, ofState(2))))
      return (try Self.plus(Self.times(Self.oneMinus(z), n), Self.times(z, h)), c)
    }
  }
}

extension RecurrentOracle {
  static func plus(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    var sum = a.detached
    sum.add(b)
    return try sum.recorded(from: a, b) { Plus() }
  }

  static func times(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    try product(a, b).recorded(from: a, b) { Times(a: a.detached, b: b.detached) }
  }

  static func oneMinus(_ a: Tensor) throws -> Tensor {
    var result = Tensor(repeating: 1, shape: a.shape)
    result.add(a, scaledBy: -1)
    return try result.recorded(from: a) { OneMinus() }
  }
}

private func product(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  try Tensor(zip(a.array, b.array).map(*), shape: a.shape)
}

private struct Plus: DifferentiableOperation {
  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let error = copy error
    inputs.add(error, to: 0)
    inputs.add(error, to: 1)
  }
}

private struct OneMinus: DifferentiableOperation {
  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    inputs.add(try product(error, Tensor(repeating: -1, shape: error.shape)), to: 0)
  }
}

private struct Times: DifferentiableOperation {
  let a: Tensor
  let b: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    let error = copy error
    inputs.add(try product(error, b), to: 0)
    inputs.add(try product(error, a), to: 1)
  }
}
