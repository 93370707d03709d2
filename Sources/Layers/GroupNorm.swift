import Operations
import Tensors

/// Brings each group of an example's channels to mean 0 and variance 1, then scales and shifts each channel.
///
///     output = weight · (input − mean) / √(variance + epsilon) + bias
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels, …]` |
/// | `weight`, `bias` | `[channels]` |
///
/// Training and inference do the same. With as many groups as channels it is instance normalization. Source: Wu and He,
/// "Group normalization", ECCV 2018.
///
/// - Throws: when called, ``ShapeError`` if the input has other channels, or `groups` does not divide them.
public struct GroupNorm: Layer, Codable {
  private enum CodingKeys: CodingKey { case groups, settings }

  /// The number of groups of channels.
  public let groups: Int

  /// γ; `nil` until the number of channels is known, and in a layer without.
  public private(set) var weight: Tensor?

  /// β; `nil` until the number of channels is known, and in a layer without.
  public private(set) var bias: Tensor?

  private var channels: Int?
  private let settings: NormalizationSettings

  /// A layer that learns the number of channels from the first axis of an example.
  ///
  /// - Parameters:
  ///   - groups: into how many groups of neighbours the channels are divided.
  ///   - epsilon: added to the variance.
  ///   - affine: whether to scale and shift afterwards.
  public init(groups: Int, epsilon: Float = 1e-5, affine: Bool = true) {
    self.groups = groups
    settings = NormalizationSettings(epsilon: epsilon, weight: affine, bias: affine)
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard input.shape.rank >= 2, let example = Shape(exactly: input.shape.array.dropFirst()) else {
      throw ShapeError(self, expected: "[batch, channels, …]", got: input.shape)
    }
    _ = try outputShape(for: example)
    guard (weight != nil) == settings.hasWeight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    return try reportingErrors(as: self) {
      try groupNormalization(input, groups: groups, weight: weight, bias: bias, epsilon: settings.epsilon)
    }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    try settings.check(for: self)
    guard groups > 0 else { throw ShapeError(self, expected: "at least one group", got: "\(groups)") }
    guard input.rank >= 1, input[0] > 0, input[0].isMultiple(of: groups), input[0] == channels ?? input[0]
    else {
      let channels = channels.map { "\($0)" } ?? "a multiple of \(groups)"
      throw ShapeError(self, expected: "[\(channels), …] for an example", got: input)
    }
    return input
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    channels = input[0]
    let layer = self
    try settings.initialize(&weight, &bias, [input[0]], for: layer)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
    visitor.visit(&bias, named: "bias")
  }

  public var description: String {
    let channels = channels.map { ["\($0)"] } ?? []
    let arguments = channels + ["groups: \(groups)"] + settings.arguments()
    return "GroupNorm(\(arguments.joined(separator: ", ")))"
  }
}
