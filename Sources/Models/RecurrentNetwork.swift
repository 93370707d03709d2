import Layers
import Operations
import Tensors

/// The kinds of recurrent layers, where one is chosen by name.
public enum RecurrentKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// ``SimpleRecurrent``.
  case simple
  /// ``LSTM``.
  case lstm
  /// ``GRU``.
  case gru

  /// A layer of this kind.
  public func layer(
    hidden: Int, layers: Int = 1, bidirectional: Bool = false, dropout: Float = 0
  ) -> any RecurrentLayer {
    switch self {
    case .simple:
      SimpleRecurrent(hidden: hidden, layers: layers, bidirectional: bidirectional, dropout: dropout)
    case .lstm: LSTM(hidden: hidden, layers: layers, bidirectional: bidirectional, dropout: dropout)
    case .gru: GRU(hidden: hidden, layers: layers, bidirectional: bidirectional, dropout: dropout)
    }
  }
}

/// The lecture's recurrent network: a layer that reads a sequence, and neurons that answer after its last step.
///
///     let layers = try RecurrentNetwork(input: [12, 1], hidden: 16, outputs: 1).layers(seed: 7)
///
/// | layer | output for `[steps, features]` |
/// |---|---|
/// | `recurrent` | `[steps, hidden]` |
/// | `last` | `[hidden]` |
/// | `output` | `[outputs]` |
///
/// For sequences of different lengths see ``SequenceClassifier``. Source: the lecture, section "Recurrent neural networks";
/// Elman, "Finding structure in time", 1990.
public struct RecurrentNetwork: Sendable, Hashable, Codable {
  /// The shape of a sequence: `[steps, features]`.
  public var input: Shape

  /// The recurrent layer's kind.
  public var kind: RecurrentKind

  /// Neurons of the recurrent layer.
  public var hidden: Int

  /// Numbers in an answer: classes, or values of a regression.
  public var outputs: Int

  /// A network of these sizes.
  public init(input: Shape, kind: RecurrentKind = .simple, hidden: Int, outputs: Int) {
    (self.input, self.kind, self.hidden, self.outputs) = (input, kind, hidden, outputs)
  }

  /// The network's layers, their weights drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive.
  public func layers(seed: UInt64) throws -> Sequential {
    try Sequential(input: input, seed: seed) {
      kind.layer(hidden: hidden).named("recurrent")
      LastStep().named("last")
      Dense(outputs: outputs).named("output")
    }
  }
}
