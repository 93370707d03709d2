import Operations
import Tensors

/// A rectified linear unit that learns its slope a below zero: x for x > 0, else ax.
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels, …]`, or any with one slope |
/// | `weight` a | `[channels]`, or `[1]` |
///
/// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
///
/// - Throws: when called, ``ShapeError`` if the channels are not the layer's.
public struct PReLU: Layer, Codable {
  private enum CodingKeys: CodingKey { case perChannel, slope }

  /// Whether each channel has a slope of its own.
  public let perChannel: Bool

  /// What each slope begins with.
  public let slope: Float

  /// The slopes; `nil` until the number of channels is known.
  public private(set) var weight: Tensor?

  /// A layer whose slopes begin at `slope`; each channel has its own, or all share one.
  public init(perChannel: Bool = false, slope: Float = 0.25) {
    self.perChannel = perChannel
    self.slope = slope
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard let weight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    guard !perChannel || (input.shape.rank > 1 && input.shape[1] == weight.count) else {
      throw ShapeError(self, expected: "[batch, \(weight.count), …]", got: input.shape)
    }
    return try prelu(input, slope: weight)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard perChannel else { return input }
    guard input.rank > 0, input[0] > 0 else {
      throw ShapeError(self, expected: "[channels, …] for an example", got: input)
    }
    if let channels = weight?.count, channels != input[0] {
      throw ShapeError(self, expected: "[\(channels), …] for an example", got: input)
    }
    return input
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    guard !perChannel || input[0] <= 1 << 28 && WeightLimit.allows(input[0]) else {
      throw ShapeError(self, expected: "at most \(1 << 28) channels", got: input)
    }
    if weight == nil { weight = Tensor(repeating: slope, shape: [perChannel ? input[0] : 1]) }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) { visitor.visit(&weight, named: "weight") }

  public var description: String {
    perChannel ? "PReLU(\(weight.map { "\($0.count) channels" } ?? "per channel"))" : "PReLU()"
  }
}
