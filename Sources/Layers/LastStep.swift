import Operations
import Tensors

/// The last step of each sequence: what a classifier of sequences takes from a recurrent layer.
///
///     try Sequential(input: [28, 28], seed: 7) {
///       LSTM(hidden: 64)
///       LastStep()
///       Dense(outputs: 10)
///     }
///
/// | value | shape |
/// |---|---|
/// | input | `[batch, steps, features]` |
/// | output | `[batch, features]` |
///
/// Of a bidirectional layer it takes the last step in time, where the reversed direction has read one input only;
/// there, take the final states instead. For sequences of different lengths there is ``lastStep(_:lengths:)``.
///
/// - Throws: when called, ``ShapeError`` if the input is not `[batch, steps, features]`.
public struct LastStep: Layer, Codable {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try reportingErrors(as: self) { try lastStep(input) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 2, input[0] > 0 else {
      throw ShapeError(self, expected: "[steps, features] with at least one step", got: input)
    }
    return [input[1]]
  }

  public var description: String { "LastStep()" }
}
