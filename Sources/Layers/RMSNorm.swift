import Operations
import Tensors

/// Divides the last axes of each example by the root of their mean square, then scales them.
///
///     output = weight ∘ input / √(mean(input²) + epsilon)
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, …] + shape` |
/// | `weight` | `shape` |
///
/// Training and inference do the same. The default `epsilon` is the distance from 1 to the next number, 2⁻²³, as PyTorch takes
/// it where none is given. Source: Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019.
///
/// - Throws: when called, ``ShapeError`` if the input does not end in `shape`.
public struct RMSNorm: Layer, Codable {
  private enum CodingKeys: CodingKey { case axes, settings }

  /// γ; `nil` until the shape is known, and in a layer without.
  public private(set) var weight: Tensor?

  private var axes: LastAxes
  private let settings: NormalizationSettings

  /// A layer that learns its shape from the last `axes` axes of an example.
  ///
  /// - Parameters:
  ///   - axes: how many of the last axes are normalized together.
  ///   - epsilon: added to the mean square.
  ///   - affine: whether to scale afterwards.
  public init(axes: Int = 1, epsilon: Float = .ulpOfOne, affine: Bool = true) {
    self.init(LastAxes(count: axes), epsilon, affine)
  }

  /// A layer for inputs that end in `shape`.
  public init(_ shape: Shape, epsilon: Float = .ulpOfOne, affine: Bool = true) {
    self.init(LastAxes(shape), epsilon, affine)
  }

  private init(_ axes: LastAxes, _ epsilon: Float, _ affine: Bool) {
    self.axes = axes
    settings = NormalizationSettings(epsilon: epsilon, usualEpsilon: .ulpOfOne, weight: affine, bias: false)
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    let shape = try axes.shape(in: input.shape, batched: true, for: self)
    guard (weight != nil) == settings.hasWeight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    return try reportingErrors(as: self) {
      try rmsNormalization(input, over: shape, weight: weight, epsilon: settings.epsilon)
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
    var none: Tensor?
    let layer = self
    try settings.initialize(&weight, &none, shape, for: layer)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
  }

  public var description: String {
    "RMSNorm(\((axes.arguments + settings.arguments(hasBiasOfItsOwn: false)).joined(separator: ", ")))"
  }
}
