import Tensors

/// What a recurrent layer remembers between two calls: the states of all its layers and directions.
///
/// | value | shape |
/// |---|---|
/// | `hidden`, `cell`, each element | `[batch, hidden]` |
///
/// In PyTorch's order: layer by layer, and in each the forward direction before the reversed one. A state is a value like
/// any other: error terms flow through it from one call to the one before, unless it is ``detached``.
public struct RecurrentState: Sendable, Equatable {
  /// The hidden states h.
  public var hidden: [Tensor]

  /// The cell states c of an LSTM; empty for other layers.
  public var cell: [Tensor]

  /// A state of the given parts.
  public init(hidden: [Tensor], cell: [Tensor] = []) {
    self.hidden = hidden
    self.cell = cell
  }

  /// The state as a constant: backpropagation through time ends here.
  public var detached: RecurrentState {
    RecurrentState(hidden: hidden.map(\.detached), cell: cell.map(\.detached))
  }

  /// The states of some examples, in the given order, as constants; an example may come several times.
  ///
  /// - Precondition: each index is an example's.
  public func rows(_ indices: [Int]) -> RecurrentState {
    RecurrentState(hidden: hidden.map { $0.rows(indices) }, cell: cell.map { $0.rows(indices) })
  }
}
