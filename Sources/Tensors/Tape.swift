import Synchronization

/// The record of a feed-forward run: a flat list of operations, each after the ones whose outputs it uses.
///
///     let tape = Tape()
///     let w = tape.watch(weight)
///     let loss = try meanSquaredError(linear(x, weight: w, bias: nil), y)
///     let gradient = try tape.gradients(of: loss)[0]
///
/// The way back is a loop from the end, never recursion: a chain of any length runs. An operation is dropped, and the
/// memory it kept returned to the pool, as soon as its error terms have been passed on, but for factors of gradients that
/// are not multiplied yet: see ``Gradient/product(_:)``.
public final class Tape: Sendable {
  private struct Entry {
    let operation: any DifferentiableOperation
    let inputs: [Int?]
    let output: Int
    let shape: Shape
  }

  private struct State {
    var entries: [Entry] = []
    var slots = 0
    var watched: [(slot: Int, shape: Shape)] = []
    var isOpen = true
  }

  private let state = Mutex(State())

  /// An empty tape.
  public init() {}

  /// The tensor as one whose gradient is wanted.
  public func watch(_ tensor: Tensor) -> Tensor {
    var watched = tensor
    watched.record = state.withLock { state in
      state.watched.append((state.slots, tensor.shape))
      state.slots += 1
      return Record(tape: self, slot: state.slots - 1)
    }
    return watched
  }

  /// ∂loss/∂tensor for each watched tensor in the order of watching; `nil` where the loss does not depend on it.
  ///
  /// Closes the tape: what it recorded is used up, and its tensors are constants from now on.
  ///
  /// - Throws: ``ShapeError`` if `loss` is not one number; ``TapeError/unrecorded`` if it depends on no watched tensor.
  public func gradients(of loss: Tensor) throws -> [Tensor?] {
    try sparseGradients(of: loss).map { $0?.dense }
  }

  /// ∂loss/∂tensor for each watched tensor, as ``gradients(of:)`` gives it, but left as rows where a tensor was used for
  /// nothing but look-ups, and as a product that is not multiplied yet where it was a layer's weights for few examples.
  public func sparseGradients(of loss: Tensor) throws -> [Gradient?] {
    guard loss.count == 1 else { throw ShapeError("gradients(of:)", expected: "one number", got: loss.shape) }
    var run = state.withLock { state in
      defer { (state.entries, state.isOpen) = ([], false) }
      return state
    }
    guard let record = loss.record, record.tape === self, run.isOpen else { throw TapeError.unrecorded }

    var errors = ErrorTerms(slots: run.slots, loss: record.slot, shape: loss.shape)
    while let entry = run.entries.popLast() {
      guard let error = errors.take(entry.output, shape: entry.shape)?.dense else { continue }
      errors.inputs = entry.inputs
      try entry.operation.backward(consume error, to: &errors)
    }
    return run.watched.map { errors.take($0.slot, shape: $0.shape) }
  }

  /// Makes a later use of this tape's tensors that of constants.
  public func close() {
    state.withLock { ($0.entries, $0.isOpen) = ([], false) }
  }

  fileprivate func append(_ operation: any DifferentiableOperation, inputs: [Int?], shape: Shape) -> Record {
    state.withLock { state in
      state.entries.append(
        Entry(operation: operation, inputs: inputs, output: state.slots, shape: shape))
      state.slots += 1
      return Record(tape: self, slot: state.slots - 1)
    }
  }

  fileprivate var isOpen: Bool { state.withLock { $0.isOpen } }
}

/// Where a tape holds a tensor.
package struct Record: Sendable {
  let tape: Tape
  let slot: Int
}

/// A tape used as it cannot be.
public enum TapeError: Error, Sendable, CustomStringConvertible {
  /// The gradient of a value that depends on nothing watched.
  case unrecorded

  /// Tensors watched by two open tapes meet in one operation.
  case mixed

  public var description: String {
    switch self {
    case .unrecorded: "the value depends on no watched tensor, so it has no gradient"
    case .mixed:
      "tensors of two unfinished gradient computations meet in one operation; use `detached` on one"
    }
  }
}

extension Tensor {
  /// This tensor as the output of an operation on `inputs`, if a tape watches one of those; else unchanged.
  ///
  /// - Parameters:
  ///   - inputs: in the order in which the operation's backward run numbers them; a `nil` keeps its number.
  ///   - operation: made only when it will be needed.
  /// - Throws: ``TapeError/mixed`` if the inputs belong to two open tapes.
  public consuming func recorded<Operation: DifferentiableOperation>(
    from inputs: Tensor?..., by operation: () -> Operation
  ) throws -> Tensor {
    try recorded(from: inputs, by: operation)
  }

  /// The same for inputs whose number is known at run time.
  public consuming func recorded<Operation: DifferentiableOperation>(
    from inputs: [Tensor?], by operation: () -> Operation
  ) throws -> Tensor {
    var tape: Tape?
    for input in inputs {
      guard let other = input?.record?.tape, other !== tape, other.isOpen else { continue }
      guard tape == nil else { throw TapeError.mixed }
      tape = other
    }
    guard let tape else { return self }
    let slots = inputs.map { $0?.record?.tape === tape ? $0?.record?.slot : nil }
    record = tape.append(operation(), inputs: slots, shape: shape)
    return self
  }
}
