import Operations
import Tensors

/// Probabilities from scores along the last axis; see ``softmax(_:)``.
///
/// A classifier trains on scores and needs this layer only where its user wants probabilities.
public struct Softmax: Layer, Codable {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try reportingErrors(as: self) { try softmax(input) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank > 0, input[-1] > 0 else { throw ShapeError(self, expected: "[…, classes]", got: input) }
    return input
  }

  public var description: String { "Softmax()" }
}

/// Logarithms of probabilities from scores along the last axis; see ``logSoftmax(_:)``.
public struct LogSoftmax: Layer, Codable {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try reportingErrors(as: self) { try logSoftmax(input) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank > 0, input[-1] > 0 else { throw ShapeError(self, expected: "[…, classes]", got: input) }
    return input
  }

  public var description: String { "LogSoftmax()" }
}
