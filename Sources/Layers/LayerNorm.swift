import Operations
import Tensors

/// Brings the last axes of each example to mean 0 and variance 1, then scales and shifts them.
///
///     output = weight ∘ (input − mean) / √(variance + epsilon) + bias
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, …] + shape` |
/// | `weight`, `bias` | `shape` |
///
/// Training and inference do the same. Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
///
/// - Throws: when called, ``ShapeError`` if the input does not end in `shape`.
public struct LayerNorm: Layer, Codable {
  private enum CodingKeys: CodingKey { case axes, settings }

  /// γ; `nil` until the shape is known, and in a layer without.
  public private(set) var weight: Tensor?

  /// β; `nil` until the shape is known, and in a layer without.
  public private(set) var bias: Tensor?

  private var axes: LastAxes
  private let settings: NormalizationSettings

  /// A layer that learns its shape from the last `axes` axes of an example.
  ///
  /// - Parameters:
  ///   - axes: how many of the last axes are normalized together.
  ///   - epsilon: added to the variance.
  ///   - affine: whether to scale afterwards, and to shift.
  ///   - bias: whether to shift afterwards.
  public init(axes: Int = 1, epsilon: Float = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init(LastAxes(count: axes), epsilon, affine, bias)
  }

  /// A layer for inputs that end in `shape`.
  public init(_ shape: Shape, epsilon: Float = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init(LastAxes(shape), epsilon, affine, bias)
  }

  private init(_ axes: LastAxes, _ epsilon: Float, _ affine: Bool, _ bias: Bool) {
    self.axes = axes
    settings = NormalizationSettings(epsilon: epsilon, weight: affine, bias: affine && bias)
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    let shape = try axes.shape(in: input.shape, batched: true, for: self)
    guard (weight != nil) == settings.hasWeight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    return try reportingErrors(as: self) {
      try layerNormalization(input, over: shape, weight: weight, bias: bias, epsilon: settings.epsilon)
    }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    try settings.check(for: self)
    _ = try axes.shape(in: input, batched: false, for: self)
    return input
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    let shape = try axes.shape(in: input, batched: false, for: self)
    axes = LastAxes(shape)
    let layer = self
    try settings.initialize(&weight, &bias, shape, for: layer)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
    visitor.visit(&bias, named: "bias")
  }

  public var description: String {
    "LayerNorm(\((axes.arguments + settings.arguments()).joined(separator: ", ")))"
  }
}
