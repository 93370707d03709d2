import LinearAlgebra
import Tensors

/// The sizes and the order of one run over a batch of sequences.
///
/// Inside, memory is ordered by step first, so that a step's rows lie together, and steps are counted in the order in which
/// they are run: backwards in time where `isReversed`. State 0 is the initial one, state k + 1 that after step k.
struct SequenceGeometry: Sendable {
  /// `[batch, steps, inputs]`, or `[batch, inputs]` for one step.
  let input: Shape
  let batch: Int
  let steps: Int
  let inputs: Int
  let hidden: Int
  let lengths: [Int]?
  let isReversed: Bool

  /// Checks the shapes of all that goes into a run.
  ///
  /// - Throws: ``ShapeError``, in the name of `site`.
  init(
    _ site: String, gates: Int, input: Shape, weights: RecurrentWeights, states: [Tensor?], lengths: [Int]?,
    isReversed: Bool
  ) throws {
    guard weights.input.shape.rank == 2, weights.recurrent.shape.rank == 2,
      weights.recurrent.shape[1] > 0, weights.input.shape[1] > 0
    else {
      throw ShapeError(
        site, expected: "weights [\(gates) · hidden, inputs] and [\(gates) · hidden, hidden]",
        got: "\(weights.input.shape) and \(weights.recurrent.shape)")
    }
    (inputs, hidden) = (weights.input.shape[1], weights.recurrent.shape[1])
    let rows = gates.multipliedReportingOverflow(by: hidden)
    guard !rows.overflow, weights.input.shape[0] == rows.partialValue,
      weights.recurrent.shape[0] == rows.partialValue
    else {
      throw ShapeError(
        site, expected: "weights with \(gates) rows for each of \(hidden) neurons",
        got: "\(weights.input.shape) and \(weights.recurrent.shape)")
    }
    for bias in [weights.inputBias, weights.recurrentBias] {
      guard let bias, bias.shape != [rows.partialValue] else { continue }
      throw ShapeError(site, expected: "a bias [\(rows.partialValue)]", got: bias.shape)
    }
    guard input.rank == 2 || input.rank == 3, input[-1] == inputs, input.rank == 2 || input[1] > 0 else {
      throw ShapeError(site, expected: "[batch, steps, \(inputs)] with at least one step", got: input)
    }
    (batch, steps) = (input[0], input.rank == 3 ? input[1] : 1)
    guard Shape(exactly: [steps &+ 2, batch, rows.partialValue]) != nil else {
      throw ShapeError(site, expected: "fewer or shorter sequences", got: input)
    }
    for case let state? in states where state.shape != [batch, hidden] {
      throw ShapeError(site, expected: "an initial state [\(batch), \(hidden)]", got: state.shape)
    }
    if let lengths {
      guard lengths.count == batch, lengths.allSatisfy((1...steps).contains) else {
        throw ShapeError(
          site, expected: "\(batch) lengths from 1 to \(steps)", got: "\(lengths.prefix(16))")
      }
    }
    (self.input, self.lengths, self.isReversed) = (input, lengths, isReversed)
  }

  /// The rows of all steps.
  var rows: Int { steps * batch }

  /// The steps that there are to run: none without examples.
  var order: Range<Int> { 0..<(batch == 0 ? 0 : steps) }

  /// The place in time of a step.
  func time(of step: Int) -> Int { isReversed ? steps - 1 - step : step }

  /// Whether an example's sequence has a step; past its end its state stays as it is.
  @inline(__always)
  func hasStep(_ step: Int, of example: Int) -> Bool {
    guard let lengths else { return true }
    return time(of: step) < lengths[example]
  }

  /// The input by steps; what lies past the end of a sequence is zero, whatever it was.
  func byStep(_ input: Tensor) throws -> Tensor {
    let shape: Shape = [steps, batch, inputs]
    if lengths == nil, steps == 1 || (batch == 1 && !isReversed) {
      return try input.detached.reshaped(to: shape)
    }
    return Tensor(shape: shape) { target in
      guard let target = target.baseAddress else { return }
      input.withUnsafePointer { source in
        forEachRow(of: inputs) { external, inside, isPresent in
          if isPresent {
            (target + inside * inputs).initialize(from: source + external * inputs, count: inputs)
          } else {
            (target + inside * inputs).initialize(repeating: 0, count: inputs)
          }
        }
      }
    }
  }

  /// Writes rows of `inputs` elements in the order of the input, or adds them for `beta` = 1.
  func fromSteps(_ rows: Tensor, to result: UnsafeMutableBufferPointer<Float>, beta: Float) {
    guard let result = result.baseAddress else { return }
    rows.withUnsafePointer { rows in
      forEachRow(of: inputs) { external, inside, _ in
        let (target, source) = (result + external * inputs, rows + inside * inputs)
        if beta == 0 {
          target.initialize(from: source, count: inputs)
        } else {
          target.add(source, count: inputs)
        }
      }
    }
  }

  /// Calls `body` for every row of a tensor in the order of the input and the same row in the order of steps, the steps shared
  /// among threads where rows of `width` elements are work enough.
  func forEachRow(of width: Int, _ body: (_ external: Int, _ inside: Int, _ isPresent: Bool) -> Void) {
    Threads.parallel(overRows: order.count, of: batch * width) { steps in
      for step in steps {
        let time = time(of: step)
        for example in 0..<batch {
          body(example * self.steps + time, step * batch + example, hasStep(step, of: example))
        }
      }
    }
  }
}
