import Operations
import Tensors

/// A block of a transformer that looks at a second sequence, the *memory*: causal self-attention, attention to the memory,
/// then two layers of neurons, each added to what it gets and normalized.
///
///     h₁ = norm1(x + self_attn(x))           normalized first:   h₁ = x + self_attn(norm1(x))
///     h₂ = norm2(h₁ + multihead_attn(h₁, memory))                h₂ = h₁ + multihead_attn(norm2(h₁), memory)
///     output = norm3(h₂ + feedForward(h₂))                       output = h₂ + feedForward(norm3(h₂))
///
/// | value | shape |
/// |---|---|
/// | input, output | `[batch, length, dimension]` |
/// | memory | `[batch, memory length, dimension]` |
/// | `self_attn`, `multihead_attn` | the parameters of ``MultiHeadAttention`` |
/// | `linear1.weight`, `linear1.bias` | `[hidden, dimension]`, `[hidden]` |
/// | `linear2.weight`, `linear2.bias` | `[dimension, hidden]`, `[dimension]` |
/// | `norm1`, `norm2`, `norm3`: `weight`, `bias` | `[dimension]` |
///
/// It is no ``Layer``, having two inputs. In training, dropout is applied to what each part gives, between the two layers
/// and to the attentions' weights. Names and layouts are PyTorch's. Source: Vaswani et al., "Attention is all you need", 2017, section 3.1.
///
/// - Throws: when called, ``ShapeError`` if an input is not `[batch, length, dimension]` or a mask does not fit.
public struct TransformerDecoderLayer: Module, CustomStringConvertible {
  private var attention: MultiHeadAttention
  private var memoryAttention: MultiHeadAttention
  private var feedForward: FeedForward
  private var norm1 = LayerNorm()
  private var norm2 = LayerNorm()
  private var norm3 = LayerNorm()
  private let connection: ResidualConnection

  /// A block that gets its parameters from ``initialized(for:seed:)``; the arguments are those of
  /// ``TransformerEncoderLayer``.
  public init(
    heads: Int, hidden: Int, activation: Activation = .relu, dropout: Float = 0.1,
    normalizesFirst: Bool = false
  ) {
    attention = MultiHeadAttention(heads: heads, isCausal: true, dropout: dropout)
    memoryAttention = MultiHeadAttention(heads: heads, dropout: dropout)
    feedForward = FeedForward(hidden: hidden, activation: activation, dropout: dropout)
    connection = ResidualConnection(normalizesFirst: normalizesFirst, dropout: Dropout(dropout))
  }

  /// The output for a sequence and the memory it looks at.
  ///
  /// - Parameters:
  ///   - mask: of the self-attention, beside causality.
  ///   - memoryMask: of the attention to the memory.
  public func callAsFunction(
    _ input: Tensor, memory: Tensor, mask: AttentionMask = .none, memoryMask: AttentionMask = .none,
    in pass: Pass = .inference
  ) throws -> Tensor {
    try run(input, in: pass) {
      try attention($0, mask: mask, in: pass)
    } recall: {
      try memoryAttention(queries: $0, keys: memory, values: memory, mask: memoryMask, in: pass)
    }
  }

  /// What a block keeps while it generates: its sequence so far, and the memory it looks at.
  public struct Cache: Sendable {
    fileprivate var sequence = AttentionCache()
    fileprivate let memory: AttentionCache
  }

  /// A cache to generate a sequence with, from its beginning, looking at a memory.
  public func cache(for memory: Tensor) throws -> Cache {
    Cache(memory: try memoryAttention.remembering(memory))
  }

  /// The output for the next elements of a sequence; neither those before nor the memory are projected again.
  public func callAsFunction(
    _ input: Tensor, cache: inout Cache, memoryMask: AttentionMask = .none, in pass: Pass = .inference
  ) throws -> Tensor {
    let memory = cache.memory
    return try run(input, in: pass) {
      try attention($0, cache: &cache.sequence, in: pass)
    } recall: {
      try memoryAttention(queries: $0, of: memory, mask: memoryMask, in: pass)
    }
  }

  /// The shape of an example's output, given those of its input and of the memory it looks at.
  ///
  /// - Throws: ``ShapeError`` if the block cannot take such sequences.
  public func outputShape(for input: Shape, memory: Shape) throws -> Shape {
    try check(input)
    guard memory.rank == 2, memory[1] == input[1] else {
      throw ShapeError(self, expected: "a memory [length, \(input[1])] for an example", got: memory)
    }
    return input
  }

  /// Gives the block its parameters, if it has not got them yet, now that the shape of a sequence is known.
  ///
  /// - Throws: ``ShapeError`` if the block cannot take such a sequence.
  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    try check(input)
    try attention.initialize(for: input, using: &random)
    try memoryAttention.initialize(for: input, using: &random)
    try feedForward.initialize(for: input, using: &random)
    try norm1.initialize(for: input, using: &random)
    try norm2.initialize(for: input, using: &random)
    try norm3.initialize(for: input, using: &random)
  }

  /// This block with parameters for sequences of the shape `[length, dimension]`, drawn from the seed.
  public func initialized(for input: Shape, seed: UInt64) throws -> Self {
    var block = self
    var random = RandomSource(seed: seed)
    try block.initialize(for: input, using: &random)
    return block
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&attention, named: "self_attn")
    visitor.visit(&memoryAttention, named: "multihead_attn")
    feedForward.visit(&visitor)
    visitor.visit(&norm1, named: "norm1")
    visitor.visit(&norm2, named: "norm2")
    visitor.visit(&norm3, named: "norm3")
  }

  public var description: String {
    let settings = feedForward.settings(heads: attention.heads, connection)
    return "TransformerDecoderLayer(\(settings.joined(separator: ", ")))"
  }

  private func check(_ input: Shape) throws {
    try reportingErrors(as: self) {
      _ = try attention.outputShape(for: input)
      try feedForward.check(input)
    }
  }

  private func run(
    _ input: Tensor, in pass: Pass, attend: (Tensor) throws -> Tensor, recall: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    try reportingErrors(as: self) {
      let attended = try connection(input, around: norm1, in: pass, attend)
      let informed = try connection(attended, around: norm2, in: pass, recall)
      return try connection(informed, around: norm3, in: pass) { try feedForward($0, in: pass) }
    }
  }
}
