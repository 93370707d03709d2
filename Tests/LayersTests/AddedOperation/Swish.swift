import NeuralNetworks

/// An activation that learns how sharply it bends: x · ℓ(βx).
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, …]` |
/// | `slope` β | `[1]` |
public struct Swish: Layer {
  /// β; `nil` until the layer is initialized.
  public private(set) var slope: Tensor?

  /// A layer whose slope begins at 1.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard let slope else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    return try swish(input, slope: slope)
  }

  public func outputShape(for input: Shape) throws -> Shape { input }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    if slope == nil { slope = Tensor([1]) }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) { visitor.visit(&slope, named: "slope") }

  public var description: String { "Swish()" }
}
