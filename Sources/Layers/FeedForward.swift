import Operations
import Tensors

/// The two layers of neurons of a transformer's block, each element of a sequence by itself.
///
///     output = linear2(dropout(activation(linear1(input))))
///
/// Its parameters stand beside the others of the block, as PyTorch has it.
struct FeedForward: Module, Codable {
  private var linear1: Dense
  private var linear2 = Dense(outputs: 0)  // as many as inputs, once they are known
  private let dropout: Dropout

  init(hidden: Int, activation: Activation, dropout: Float) {
    linear1 = Dense(outputs: hidden, activation: activation)
    self.dropout = Dropout(dropout)
  }

  /// The settings of the block it stands in, as arguments.
  func settings(heads: Int, _ connection: ResidualConnection) -> [String] {
    ["heads: \(heads)", "hidden: \(linear1.outputs)", "\(linear1.activation)", "dropout: \(dropout.rate)"]
      + (connection.normalizesFirst ? ["normalizes first"] : [])
  }

  func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try linear2(dropout(linear1(input, in: pass), in: pass), in: pass)
  }

  func check(_ input: Shape) throws {
    guard input.replacingLast(exactly: linear1.outputs) != nil else {
      throw ShapeError("FeedForward", expected: "hidden neurons that fit into memory", got: linear1.outputs)
    }
    _ = try dropout.outputShape(for: linear1.outputShape(for: input))
  }

  mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    try linear1.initialize(for: input, using: &random)
    if linear2.weight == nil { linear2 = Dense(outputs: input[-1]) }
    try linear2.initialize(for: linear1.outputShape(for: input), using: &random)
  }

  mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&linear1, named: "linear1")
    visitor.visit(&linear2, named: "linear2")
  }
}
