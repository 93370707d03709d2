import Tensors

/// Collects the layers of a ``Sequential``, with `if`, `if`/`else`, `switch` and `for`.
@resultBuilder
public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: some Layer) -> [any Layer] { [layer] }

  /// One layer of a type known at run time.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }

  /// Several layers.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }

  /// Layers in a row.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap(\.self) }

  /// An `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }

  /// The first branch of an `if`/`else` or a `switch`.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }

  /// The other branch of an `if`/`else` or a `switch`.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }

  /// A `for`.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap(\.self) }

  /// An `if #available`.
  public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}

/// A layer with a name, for a ``Sequential`` to file it under.
public struct Named: Layer {
  /// The name in paths and errors.
  public let name: String

  /// The layer.
  public private(set) var layer: any Layer

  init(_ layer: any Layer, name: String) {
    self.layer = layer
    self.name = name
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try layer(input, in: pass) }

  public func outputShape(for input: Shape) throws -> Shape { try layer.outputShape(for: input) }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    try layer.initialize(for: input, using: &random)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) { layer.visit(&visitor) }

  public var description: String { "\(layer).named(\"\(name)\")" }
}

extension Layer {
  /// This layer under a name of its own within a ``Sequential``.
  public func named(_ name: String) -> Named { Named(self, name: name) }
}
