import Operations
import Tensors

/// An activation is a layer of its own where it stands alone: `Sequential { Dense(outputs: 3); Activation.sigmoid }`.
extension Activation: Layer {
  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try activate(input, self) }

  public func outputShape(for input: Shape) throws -> Shape { input }

  public var description: String {
    switch self {
    case .identity: "identity"
    case .linear(let slope, let intercept): "linear(\(slope)x + \(intercept))"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .heaviside: "heaviside"
    case .relu: "relu"
    }
  }
}

/// Probabilities from scores along the last axis; see ``softmax(_:)``.
///
/// A classifier trains on scores and needs this layer only where its user wants probabilities.
public struct Softmax: Layer {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try softmax(input) }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank > 0, input[-1] > 0 else { throw ShapeError(self, expected: "[…, classes]", got: input) }
    return input
  }

  public var description: String { "Softmax()" }
}
