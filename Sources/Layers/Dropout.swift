import Operations
import Tensors

/// In training, drops elements at random and enlarges the others to make up for it.
///
///     output = input ∘ mask / (1 − rate)
///
/// | value | shape |
/// |---|---|
/// | `input`, output | any, the same |
///
/// In inference the output is the input. The mask follows from the seed of the ``Pass``. Source: Srivastava et al.,
/// "Dropout", JMLR 2014; the lecture, section "Dropout".
///
/// - Throws: when called, ``ShapeError`` unless 0 ≤ `rate` < 1.
public struct Dropout: Layer, Codable {
  /// The probability with which an element is dropped.
  public let rate: Float

  /// A layer that drops elements with the given probability.
  public init(_ rate: Float) { self.rate = rate }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    _ = try outputShape(for: input.shape)
    guard pass.mode == .training, rate > 0 else { return input }
    var random = pass.splitRandomness()
    return try dropout(input, rate: rate, using: &random)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard rate >= 0, rate < 1 else {
      throw ShapeError(self, expected: "a rate of at least 0 and below 1", got: "\(rate)")
    }
    return input
  }

  public var description: String { "Dropout(\(rate))" }
}
