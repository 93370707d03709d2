import Layers
import Operations
import Tensors

/// A classifier of sequences of different lengths: a recurrent layer in both directions, and neurons that answer after each
/// direction's last step.
///
///     let model = try SequenceClassifier(.init(features: 12, hidden: 64, classes: 9), seed: 7)
///     let scores = try model(series.values, lengths: series.lengths, in: pass)
///
/// | layer | output for `[batch, steps, features]` |
/// |---|---|
/// | `recurrent`, its last states | `[batch, 2 · hidden]` |
/// | `output` | `[batch, classes]` |
///
/// Each direction ends where the sequence does, so that filling beyond a sequence's length has no influence. Source: the
/// lecture, section "Recurrent neural networks"; Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997.
public struct SequenceClassifier: ConfiguredModule {
  /// The sizes of a model, from which it can be built again.
  public struct Configuration: Codable, Sendable, Hashable {
    /// Numbers in a step.
    public var features: Int
    /// The recurrent layer's kind.
    public var kind: RecurrentKind
    /// Neurons of the recurrent layer in each direction.
    public var hidden: Int
    /// Whether it also reads from the end.
    public var isBidirectional: Bool
    /// The number of classes.
    public var classes: Int
    /// The rate of dropout before the output.
    public var dropout: Float

    /// A model of the given sizes.
    public init(
      features: Int, kind: RecurrentKind = .lstm, hidden: Int, isBidirectional: Bool = true, classes: Int,
      dropout: Float = 0
    ) {
      (self.features, self.kind, self.hidden) = (features, kind, hidden)
      (self.isBidirectional, self.classes, self.dropout) = (isBidirectional, classes, dropout)
    }
  }

  /// The sizes.
  public let configuration: Configuration

  private var recurrent: any RecurrentLayer
  private var output: Dense

  /// A model of the given sizes, its parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive, or the rate not at least 0 and below 1.
  public init(_ configuration: Configuration, seed: UInt64) throws {
    try checkSizes(
      of: "SequenceClassifier",
      [
        "features": configuration.features, "neurons": configuration.hidden, "classes": configuration.classes,
      ])
    self.configuration = configuration
    recurrent = configuration.kind.layer(
      hidden: configuration.hidden, bidirectional: configuration.isBidirectional)
    output = Dense(outputs: configuration.classes)
    var random = RandomSource(seed: seed)
    let example: Shape = [1, configuration.features]
    try recurrent.initialize(for: example, using: &random)
    try output.initialize(for: [recurrent.outputShape(for: example)[1]], using: &random)
  }

  /// The classes' scores for a batch of sequences.
  ///
  /// - Parameters:
  ///   - input: `[batch, steps, features]`.
  ///   - lengths: the steps of each sequence; all if `nil`.
  /// - Throws: ``ShapeError`` if the input does not fit, or a length is not from 1 to `steps`.
  public func callAsFunction(_ input: Tensor, lengths: [Int]? = nil, in pass: Pass = .inference) throws
    -> Tensor
  {
    let (_, state) = try recurrent(input, state: nil, lengths: lengths, in: pass)
    let last = try concatenate(state.hidden, along: 1)
    return try output(Dropout(configuration.dropout)(last, in: pass), in: pass)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&recurrent, named: "recurrent")
    visitor.visit(&output, named: "output")
  }
}
