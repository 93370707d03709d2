import Operations
import Tensors

/// A block of a transformer: self-attention, then two layers of neurons, each added to what it gets and normalized.
///
///     h = norm1(x + self_attn(x))            normalized first:   h = x + self_attn(norm1(x))
///     output = norm2(h + feedForward(h))                         output = h + feedForward(norm2(h))
///     feedForward(h) = linear2(activation(linear1(h)))
///
/// | value | shape |
/// |---|---|
/// | input, output | `[batch, length, dimension]` |
/// | `self_attn` | the parameters of ``MultiHeadAttention`` |
/// | `linear1.weight`, `linear1.bias` | `[hidden, dimension]`, `[hidden]` |
/// | `linear2.weight`, `linear2.bias` | `[dimension, hidden]`, `[dimension]` |
/// | `norm1`, `norm2`: `weight`, `bias` | `[dimension]` |
///
/// In training, dropout is applied to what either part gives, between the two layers and to the attention's weights. Causal, it is the block of a
/// network that generates. Names and layouts are PyTorch's. Source: Vaswani et al., "Attention is all you need", 2017,
/// section 3.1.
///
/// - Throws: when called, ``ShapeError`` if the input is not `[batch, length, dimension]` or a mask does not fit.
public struct TransformerEncoderLayer: Layer, Codable {
  private var attention: MultiHeadAttention
  private var feedForward: FeedForward
  private var norm1 = LayerNorm()
  private var norm2 = LayerNorm()
  private let connection: ResidualConnection

  /// A block that gets its parameters when it learns the shape of its input.
  ///
  /// - Parameters:
  ///   - heads: of the attention; they divide the dimension.
  ///   - hidden: the number of neurons of the first of the two layers.
  ///   - activation: of the first of the two layers.
  ///   - dropout: the rate of dropout in training.
  ///   - normalizesFirst: whether each part's input is normalized instead of the sum.
  ///   - isCausal: whether an element sees only those before it and itself.
  public init(
    heads: Int, hidden: Int, activation: Activation = .relu, dropout: Float = 0.1,
    normalizesFirst: Bool = false, isCausal: Bool = false
  ) {
    attention = MultiHeadAttention(heads: heads, isCausal: isCausal, dropout: dropout)
    feedForward = FeedForward(hidden: hidden, activation: activation, dropout: dropout)
    connection = ResidualConnection(normalizesFirst: normalizesFirst, dropout: Dropout(dropout))
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try self(input, mask: .none, in: pass)
  }

  /// The output under a mask of the self-attention.
  public func callAsFunction(_ input: Tensor, mask: AttentionMask, in pass: Pass = .inference) throws
    -> Tensor
  {
    try run(input, in: pass) { try attention($0, mask: mask, in: pass) }
  }

  /// The output for the next elements of a sequence, for generation; see ``AttentionCache``.
  ///
  /// - Throws: ``ShapeError`` too if the block is not causal.
  public func callAsFunction(_ input: Tensor, cache: inout AttentionCache, in pass: Pass = .inference) throws
    -> Tensor
  {
    try run(input, in: pass) { try attention($0, cache: &cache, in: pass) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    try reportingErrors(as: self) {
      _ = try attention.outputShape(for: input)
      try feedForward.check(input)
    }
    return input
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    try attention.initialize(for: input, using: &random)
    try feedForward.initialize(for: input, using: &random)
    try norm1.initialize(for: input, using: &random)
    try norm2.initialize(for: input, using: &random)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&attention, named: "self_attn")
    feedForward.visit(&visitor)
    visitor.visit(&norm1, named: "norm1")
    visitor.visit(&norm2, named: "norm2")
  }

  public var description: String {
    let settings = feedForward.settings(heads: attention.heads, connection)
    return
      "TransformerEncoderLayer(\((settings + (attention.isCausal ? ["causal"] : [])).joined(separator: ", ")))"
  }

  private func run(_ input: Tensor, in pass: Pass, _ attend: (Tensor) throws -> Tensor) throws -> Tensor {
    try reportingErrors(as: self) {
      let attended = try connection(input, around: norm1, in: pass, attend)
      return try connection(attended, around: norm2, in: pass) { try feedForward($0, in: pass) }
    }
  }
}
