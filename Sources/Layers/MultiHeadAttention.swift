import Operations
import Tensors

/// Attention of several heads, each over its own projections.
///
///     output = concatenation over heads of softmax(q · kᵀ / √width) · v, times out_proj.weightᵀ, plus out_proj.bias
///     q, k, v = queries, keys, values · their third of in_proj_weightᵀ + their third of in_proj_bias
///
/// | value | shape |
/// |---|---|
/// | input, queries, output | `[batch, queries, dimension]` |
/// | keys, values | `[batch, keys, dimension]` |
/// | `in_proj_weight` | `[3 · dimension, dimension]` |
/// | `in_proj_bias` | `[3 · dimension]` |
/// | `out_proj.weight` | `[dimension, dimension]` |
/// | `out_proj.bias` | `[dimension]` |
///
/// As a layer it is self-attention: queries, keys and values are all made from its input. Names and layouts are PyTorch's.
/// Source: Vaswani et al., "Attention is all you need", 2017, section 3.2.
///
/// - Throws: when called, ``ShapeError`` if an input is not `[batch, length, dimension]` or a mask does not fit.
/// - Complexity: 8 · batch · length · dimension² flops for the projections, 4 · batch · length² · dimension for the
///   attention, whose memory grows with the length.
public struct MultiHeadAttention: Layer, Codable {
  private enum CodingKeys: CodingKey { case heads, isCausal, rotaryPairing, dropout, hasBias }

  /// The number of heads; it divides the dimension.
  public let heads: Int

  /// Whether an element of a sequence sees only those before it and itself.
  public let isCausal: Bool

  /// How queries and keys are turned by their places, if they are; see ``rotary(_:heads:startingAt:pairing:base:)``.
  public let rotaryPairing: RotaryPairing?

  /// The rate of dropout of the weights given to keys, in training.
  public let dropout: Float

  private let hasBias: Bool
  private var inWeight: Tensor?
  private var inBias: Tensor?
  private var outWeight: Tensor?
  private var outBias: Tensor?

  /// Beyond this a dimension is taken for a mistake: 3 GiB of weights.
  private static let mostDimensions = 1 << 14

  /// Attention that gets its weights when it learns the shape of its input. Biases begin at zero.
  public init(
    heads: Int, isCausal: Bool = false, bias: Bool = true, dropout: Float = 0,
    rotary rotaryPairing: RotaryPairing? = nil
  ) {
    self.heads = heads
    self.isCausal = isCausal
    self.dropout = dropout
    self.rotaryPairing = rotaryPairing
    hasBias = bias
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try self(input, mask: .none, in: pass)
  }

  /// Self-attention under a mask.
  public func callAsFunction(_ input: Tensor, mask: AttentionMask, in pass: Pass = .inference) throws
    -> Tensor
  {
    try self(queries: input, keys: input, values: input, mask: mask, in: pass)
  }

  /// Attention from one sequence to another: cross-attention.
  public func callAsFunction(
    queries: Tensor, keys: Tensor, values: Tensor, mask: AttentionMask = .none, in pass: Pass = .inference
  ) throws -> Tensor {
    let (q, k, v) = try (project(queries, 0), project(keys, 1), project(values, 2))
    return try attend(turned(q, 0), turned(k, 0), v, mask, pass)
  }

  /// Self-attention of the next elements of a sequence to all up to them, for generation: what the cache holds is not
  /// computed again.
  ///
  /// - Throws: ``ShapeError`` too if the attention is not causal, since elements seen later would change earlier ones.
  public func callAsFunction(_ input: Tensor, cache: inout AttentionCache, in pass: Pass = .inference) throws
    -> Tensor
  {
    guard isCausal else {
      throw ShapeError(self, expected: "to be causal to continue a sequence", got: input.shape)
    }
    let (q, k, v) = try (project(input, 0), project(input, 1), project(input, 2))
    let start = cache.length
    let (keys, values) = try cache.append(keys: turned(k, start), values: v)
    return try attend(turned(q, start), keys, values, .none, pass)
  }

  /// The keys and values of a sequence that many queries will be asked of, one call after the other.
  public func remembering(_ memory: Tensor) throws -> AttentionCache {
    var cache = AttentionCache()
    _ = try cache.append(keys: turned(project(memory, 1), 0), values: project(memory, 2))
    return cache
  }

  /// Attention to a sequence whose keys and values are known; the cache stays as it is.
  ///
  /// - Parameter start: the place of the first query, where places count.
  /// - Throws: ``ShapeError`` too if the attention is causal: what a query may see depends on all queries.
  public func callAsFunction(
    queries: Tensor, of memory: AttentionCache, startingAt start: Int = 0, mask: AttentionMask = .none,
    in pass: Pass = .inference
  ) throws -> Tensor {
    guard !isCausal else {
      throw ShapeError(self, expected: "not to be causal to look into a memory", got: queries.shape)
    }
    let q = try project(queries, 0)
    guard let keys = memory.keys, let values = memory.values else {
      throw ShapeError(self, expected: "a memory", got: "an empty cache")
    }
    return try attend(turned(q, start), keys, values, mask, pass)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard dropout >= 0, dropout < 1 else {
      throw ShapeError(self, expected: "a rate of dropout of at least 0 and below 1", got: "\(dropout)")
    }
    guard input.rank == 2, input[1] > 0, heads > 0, input[1] % heads == 0, input[1] <= Self.mostDimensions,
      rotaryPairing == nil || input[1] / heads % 2 == 0,
      inWeight.map({ $0.shape == [3 * input[1], input[1]] }) ?? true
    else {
      let dimension = inWeight.map { "\($0.shape.array.last ?? 0)" } ?? "a multiple of \(heads) heads"
      throw ShapeError(
        self,
        expected: "[length, \(dimension)]\(rotaryPairing == nil ? "" : " of even width") for an example",
        got: input)
    }
    return input
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    let dimension = try outputShape(for: input)[1]
    guard inWeight == nil else { return }
    guard WeightLimit.allows(4 * dimension * dimension) else {
      throw ShapeError(self, expected: "at most \(WeightLimit.most) weights", got: input)
    }
    inWeight = try Initializer.glorotUniform([3 * dimension, dimension], using: &random)
    outWeight = try Initializer.glorotUniform([dimension, dimension], using: &random)
    if hasBias { (inBias, outBias) = (.zeros([3 * dimension]), .zeros([dimension])) }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&inWeight, named: "in_proj_weight")
    visitor.visit(&inBias, named: "in_proj_bias")
    visitor.visit(&outWeight, named: "out_proj.weight")
    visitor.visit(&outBias, named: "out_proj.bias")
  }

  public var description: String {
    let settings =
      ["heads: \(heads)"] + (isCausal ? ["causal"] : []) + (hasBias ? [] : ["no bias"])
      + (dropout == 0 ? [] : ["dropout: \(dropout)"])
      + (rotaryPairing.map { ["rotary: \($0)"] } ?? [])
    return "MultiHeadAttention(\(settings.joined(separator: ", ")))"
  }

  /// The projection by one third of the weights.
  private func project(_ input: Tensor, _ third: Int) throws -> Tensor {
    guard let inWeight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    guard inWeight.shape.rank == 2, case let dimension = inWeight.shape[1],
      inWeight.shape[0] == 3 * dimension
    else {
      throw ShapeError(self, expected: "in_proj_weight [3 · dimension, dimension]", got: inWeight.shape)
    }
    guard input.shape.rank == 3, input.shape[2] == dimension else {
      throw ShapeError(self, expected: "[batch, length, \(dimension)]", got: input.shape)
    }
    return try linear(
      input, weight: inWeight, bias: inBias, neurons: third * dimension..<(third + 1) * dimension)
  }

  private func turned(_ vectors: Tensor, _ start: Int) throws -> Tensor {
    guard let rotaryPairing else { return vectors }
    return try rotary(vectors, heads: heads, startingAt: start, pairing: rotaryPairing)
  }

  private func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: AttentionMask, _ pass: Pass) throws
    -> Tensor
  {
    guard let outWeight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: q.shape)
    }
    var drop: AttentionDropout?
    if pass.mode == .training, dropout > 0 {
      var random = pass.splitRandomness()
      drop = try AttentionDropout(dropout, using: &random)
    }
    let mixed = try scaledDotProductAttention(
      queries: q, keys: k, values: v, heads: heads, mask: mask, isCausal: isCausal, dropout: drop)
    return try linear(mixed, weight: outWeight, bias: outBias)
  }
}
