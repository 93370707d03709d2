import Operations
import Tensors

/// A layer that reads sequences step by step and carries a state from each step to the next.
///
/// | value | shape |
/// |---|---|
/// | input | `[batch, steps, inputs]` |
/// | output | `[batch, steps, directions · hidden]` |
///
/// As a ``Layer`` it begins every sequence with zeros. Where states matter, call it with one, and it returns the next:
///
///     let (output, state) = try lstm(words, state: nil, lengths: [12, 7, 9])
///
/// and where each step's input depends on the output before, take single steps:
///
///     var (output, state) = try lstm.step(first, state: nil)
///     while … { (output, state) = try lstm.step(next(output), state: state) }
public protocol RecurrentLayer: Layer {
  /// The number of blocks of `hidden` rows in the weights.
  static var gates: Int { get }

  /// Whether it has a cell state beside the hidden state.
  static var hasCellState: Bool { get }

  /// The settings and parameters.
  var stack: RecurrentStack { get set }

  /// One layer in one direction: the operation behind it.
  func run(
    _ input: Tensor, weights: RecurrentWeights, hidden: Tensor?, cell: Tensor?, lengths: [Int]?,
    isReversed: Bool
  ) throws -> StateSequence
}

extension RecurrentLayer {
  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try stacked(input, state: nil, lengths: nil, in: pass) { _ in }
  }

  /// The outputs for a batch of sequences that begin in a state, and the state in which they end.
  ///
  /// - Parameters:
  ///   - input: `[batch, steps, inputs]`.
  ///   - state: that after the previous call; zeros if `nil`.
  ///   - lengths: the number of steps of each example. Past them an example's state stays as it is, its outputs are zero,
  ///     and its inputs have no influence. The reversed direction begins at each example's own last step.
  /// - Throws: ``ShapeError`` if the input or the state does not fit, or a length is not from 1 to `steps`.
  public func callAsFunction(
    _ input: Tensor, state: RecurrentState?, lengths: [Int]? = nil, in pass: Pass = .inference
  ) throws -> (output: Tensor, state: RecurrentState) {
    var final = RecurrentState(hidden: [])
    let output = try stacked(input, state: state, lengths: lengths, in: pass) { sequence in
      final.hidden.append(try sequence.hidden)
      if let cell = try sequence.cell { final.cell.append(cell) }
    }
    return (output, final)
  }

  /// One step: the output for the next input of each example, and the next state; for inference.
  ///
  /// The same parameters as over whole sequences, and up to rounding the same outputs.
  ///
  /// - Parameters:
  ///   - input: `[batch, inputs]`.
  ///   - state: that after the previous step; zeros if `nil`.
  /// - Throws: ``ShapeError`` if the input or the state does not fit, or the layer is bidirectional: its outputs depend on
  ///   the steps to come.
  public func step(
    _ input: Tensor, state: RecurrentState?
  ) throws -> (output: Tensor, state: RecurrentState) {
    guard !stack.isBidirectional else {
      throw ShapeError(self, expected: "to be called with whole sequences", got: "one step")
    }
    try check(input, isStep: true, state)
    var final = RecurrentState(hidden: [])
    var value = input
    for layer in stack.weights.indices {
      let sequence = try run(layer, value, state, lengths: nil)
      value = try sequence.hidden
      final.hidden.append(value)
      if let cell = try sequence.cell { final.cell.append(cell) }
    }
    return (value, final)
  }

  public func outputShape(for input: Shape) throws -> Shape { try stack.outputShape(for: input, site: self) }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    try stack.initialize(gates: Self.gates, for: input, using: &random, site: description)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) { stack.visit(&visitor) }

  public var description: String { "\(Self.self)(\(stack.description))" }

  /// The output of the last layer; `each` is called for every layer and direction, in order.
  private func stacked(
    _ input: Tensor, state: RecurrentState?, lengths: [Int]?, in pass: Pass,
    each: (StateSequence) throws -> Void
  ) throws -> Tensor {
    try check(input, isStep: false, state)
    var value = input
    for first in stride(from: 0, to: stack.weights.count, by: stack.directions) {
      if first > 0, pass.mode == .training, stack.dropout > 0 {
        var random = pass.splitRandomness()
        value = try dropout(value, rate: stack.dropout, using: &random)
      }
      let forward = try run(first, value, state, lengths: lengths)
      try each(forward)
      guard stack.isBidirectional else {
        value = try forward.output
        continue
      }
      let reversed = try run(first + 1, value, state, lengths: lengths)
      try each(reversed)
      value = try forward.output(beside: reversed)
    }
    return value
  }

  private func run(_ index: Int, _ input: Tensor, _ state: RecurrentState?, lengths: [Int]?) throws
    -> StateSequence
  {
    try run(
      input, weights: stack.weights[index], hidden: state?.hidden[index],
      cell: Self.hasCellState ? state?.cell[index] : nil, lengths: lengths,
      isReversed: index % stack.directions == 1)
  }

  private func check(_ input: Tensor, isStep: Bool, _ state: RecurrentState?) throws {
    guard let inputs = stack.inputs else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    guard input.shape.rank == (isStep ? 2 : 3), input.shape[-1] == inputs, isStep || input.shape[1] > 0 else {
      throw ShapeError(self, expected: "[batch, \(isStep ? "" : "steps, ")\(inputs)]", got: input.shape)
    }
    let states = stack.weights.count
    if let state, state.hidden.count != states || state.cell.count != (Self.hasCellState ? states : 0) {
      throw ShapeError(
        self, expected: "\(states) hidden and \(Self.hasCellState ? states : 0) cell states",
        got: "\(state.hidden.count) and \(state.cell.count)")
    }
    for tensor in (state?.hidden ?? []) + (state?.cell ?? [])
    where tensor.shape != [input.shape[0], stack.hidden] {
      throw ShapeError(self, expected: "states [\(input.shape[0]), \(stack.hidden)]", got: tensor.shape)
    }
  }
}
