import Operations
import Tensors

/// A layer whose weight is divided by its largest singular value, so that no input is stretched more than its length.
///
///     weight of the layer within = original / σ,  σ = uᵀ · original · v
///
/// | value | shape |
/// |---|---|
/// | `parametrizations.weight.original` | the layer's, seen as a matrix of outputs × the rest |
/// | `parametrizations.weight.0._u` | `[outputs]` |
/// | `parametrizations.weight.0._v` | `[rest]` |
///
/// u and v near the singular vectors by power iteration: 15 steps at the beginning, then `iterations` at each call in
/// training, kept through the ``Pass``; inference takes them as they are. Other parameters keep their names. Source: Miyato
/// et al., "Spectral normalization for generative adversarial networks", ICLR 2018; the lecture, section "Normalization".
///
/// - Throws: when called, ``ShapeError`` if the layer within throws, or its weight is zero.
public struct SpectralNormalized<Inner: WeightedLayer>: Layer {
  /// The layer within; its weight is the original one, not yet divided.
  public private(set) var layer: Inner

  /// The steps of power iteration at each call in training.
  public let iterations: Int

  /// Lengths below this count as this.
  public let epsilon: Float

  private var left: Buffer?
  private var right: Buffer?

  /// The layer with its weight normalized.
  public init(_ layer: Inner, iterations: Int = 1, epsilon: Float = 1e-12) {
    self.layer = layer
    self.iterations = iterations
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard let weight = layer.weight, let left, let right else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    let rows = try reportingErrors(as: self) { try outputsFirst(weight) }
    var vectors = (left: pass.value(of: left), right: pass.value(of: right))
    if pass.mode == .training {
      vectors = try powerIteration(
        of: rows, left: vectors.left, right: vectors.right, iterations: iterations, epsilon: epsilon)
      pass.set(left, to: vectors.left)
      pass.set(right, to: vectors.right)
    }
    return try reportingErrors(as: self) {
      var normalized = layer
      normalized.weight = try outputsBack(
        spectralNormalization(rows, left: vectors.left, right: vectors.right))
      return try normalized(input, in: pass)
    }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard iterations > 0, epsilon >= 0, epsilon.isFinite else {
      throw ShapeError(
        self, expected: "at least one iteration and an epsilon of at least 0",
        got: "\(iterations) and \(epsilon)")
    }
    return try reportingErrors(as: self) { try layer.outputShape(for: input) }
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    try layer.initialize(for: input, using: &random)
    guard left == nil || right == nil else { return }
    guard let weight = layer.weight, weight.shape.rank >= 2, weight.count > 0 else {
      throw ShapeError(
        self, expected: "a layer with a weight of at least two axes",
        got: layer.weight.map { "\($0.shape)" } ?? "none")
    }
    let matrix = try reportingErrors(as: self) { try outputsFirst(weight.detached) }
    let (rows, columns) = (matrix.shape[0], matrix.count / matrix.shape[0])
    let normal = Initializer.normal(mean: 0, deviation: 1)
    let vectors = try powerIteration(
      of: matrix, left: normal([rows], using: &random), right: normal([columns], using: &random),
      iterations: 15, epsilon: epsilon)
    left = Buffer(vectors.left)
    right = Buffer(vectors.right)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    // Without its weight the layer shows the rest.
    var weight = layer.weight
    layer.weight = nil
    layer.visit(&visitor)
    visitor.visit(&weight, named: "parametrizations.weight.original")
    layer.weight = weight
    visitor.visit(&left, named: "parametrizations.weight.0._u")
    visitor.visit(&right, named: "parametrizations.weight.0._v")
  }

  /// The weight with the axis of its outputs before the others.
  private func outputsFirst(_ weight: Tensor) throws -> Tensor {
    guard Inner.outputAxis != 0 else { return weight }
    let others = (0..<weight.shape.rank).filter { $0 != Inner.outputAxis }
    return try permute(weight, [Inner.outputAxis] + others)
  }

  /// The weight with that axis where the layer has it.
  private func outputsBack(_ weight: Tensor) throws -> Tensor {
    guard Inner.outputAxis != 0 else { return weight }
    var order = Array(1..<weight.shape.rank)
    order.insert(0, at: Inner.outputAxis)
    return try permute(weight, order)
  }

  public var description: String {
    let iterations = iterations == 1 ? "" : ", iterations: \(iterations)"
    return "SpectralNormalized(\(layer)\(iterations))"
  }
}

extension SpectralNormalized: Codable where Inner: Codable {
  private enum CodingKeys: CodingKey { case layer, iterations, epsilon }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try values.decode(Inner.self, forKey: .layer),
      iterations: try values.decode(Int.self, forKey: .iterations),
      epsilon: try values.decode(Float.self, forKey: .epsilon))
  }

  /// Writes the settings.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(layer, forKey: .layer)
    try values.encode(iterations, forKey: .iterations)
    try values.encode(epsilon, forKey: .epsilon)
  }
}
