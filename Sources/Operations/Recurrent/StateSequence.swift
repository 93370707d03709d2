import Tensors

/// What a recurrent operation gives: the states of all its steps, of which each part is taken out when it is asked for.
///
/// | value | shape |
/// |---|---|
/// | `output` | `[batch, steps, hidden]` |
/// | `hidden`, `cell` | `[batch, hidden]` |
///
/// All parts are differentiable: error terms flow into the operation through the outputs and through the final states.
public struct StateSequence: Sendable {
  /// By step, in the order in which they were run: the initial state, the later ones, and the last cell state.
  let states: Tensor
  let geometry: SequenceGeometry
  let hasCell: Bool

  /// The state after each step; zero past the end of an example's sequence.
  public var output: Tensor { get throws { try sequenceOutput(of: self, nil) } }

  /// The state after each example's last step; in the reversed direction that is the first in time.
  public var hidden: Tensor { get throws { try stateBlock(geometry.steps, of: states) } }

  /// The cell state after each example's last step, of an operation that has one.
  public var cell: Tensor? { get throws { hasCell ? try stateBlock(geometry.steps + 1, of: states) : nil } }

  /// This direction's output and the other's side by side, `[batch, steps, 2 · hidden]`.
  ///
  /// - Throws: ``ShapeError`` if the other ran over sequences of another shape.
  public func output(beside other: StateSequence) throws -> Tensor { try sequenceOutput(of: self, other) }
}
