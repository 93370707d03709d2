import Tensors

/// Layers one after the other, each taking what the one before gives.
///
///     let model = try Sequential(input: [784], seed: 7) {
///       Dense(outputs: 128, activation: .relu).named("hidden")
///       Dense(outputs: 10)
///     }
///
/// A layer's path is its name, or else its position, as in PyTorch: `hidden.weight`, `1.bias`. Errors name it too.
public struct Sequential: Layer {
  /// A layer and its name.
  public struct Element: Sendable {
    /// The layer's name in paths and errors.
    public let name: String
    /// The layer.
    public internal(set) var layer: any Layer
  }

  /// The layers, first to last.
  public private(set) var elements: [Element]

  /// The shape of an example, where it was given.
  public private(set) var input: Shape?

  /// Layers in a row, without parameters until the shape of their input is known.
  ///
  /// - Throws: ``NameError`` if two layers have one name, or a name is empty or has a dot.
  public init(@LayerBuilder _ layers: () -> [any Layer]) throws {
    elements = layers().enumerated().map { position, layer in
      let named = layer as? Named
      return Element(name: named?.name ?? "\(position)", layer: named?.layer ?? layer)
    }
    renewBuffers()
    var names: Set<String> = []
    for name in elements.map(\.name) {
      guard !name.isEmpty, !name.contains(".") else {
        throw NameError(name: name, reason: "is empty or has a dot")
      }
      guard names.insert(name).inserted else { throw NameError(name: name, reason: "is given to two layers") }
    }
  }

  /// Layers in a row for examples of the shape `input`, their parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError``, naming the layer, if one cannot take what the one before it gives.
  public init(input: Shape, seed: UInt64, @LayerBuilder _ layers: () -> [any Layer]) throws {
    self = try Sequential(layers).initialized(for: input, seed: seed)
  }

  /// The number of layers.
  public var count: Int { elements.count }

  /// The layer at a position.
  public subscript(position: Int) -> any Layer { elements[position].layer }

  /// The layer of that name, if there is one.
  public subscript(name: String) -> (any Layer)? { elements.first { $0.name == name }?.layer }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    var value = input
    for element in elements {
      value = try naming(element.name) {
        let output = try element.layer(value, in: pass)
        if pass.stopsWhereNotFinite, !output.isFinite { throw NotFiniteError() }
        return output
      }
    }
    return value
  }

  public func outputShape(for input: Shape) throws -> Shape {
    try elements.reduce(input) { shape, element in
      try naming(element.name) { try element.layer.outputShape(for: shape) }
    }
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    var shape = input
    for index in elements.indices {
      shape = try naming(elements[index].name) {
        try elements[index].layer.initialize(for: shape, using: &random)
        return try elements[index].layer.outputShape(for: shape)
      }
    }
    self.input = input
    renewBuffers()
  }

  /// A layer that stands twice has statistics of its own in each place.
  private mutating func renewBuffers() {
    for index in elements.indices {
      elements[index].layer.updateBuffers { buffer, _ in buffer = Buffer(buffer.value) }
    }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    for index in elements.indices { visitor.visit(&elements[index].layer, named: elements[index].name) }
  }

  public var description: String { "Sequential(\(elements.map { "\($0.layer)" }.joined(separator: ", ")))" }

  private func naming<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as ShapeError {
      throw error.within(name)
    } catch let error as NotFiniteError {
      throw error.within(name)
    }
  }
}

/// A layer of a ``Sequential`` has a name that could not be told from others in a path.
public struct NameError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name.
  public let name: String

  /// What is wrong with it.
  public let reason: String

  public var description: String { "the name \"\(name)\" of a layer \(reason)" }
}
