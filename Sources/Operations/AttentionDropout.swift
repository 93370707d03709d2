import Tensors

/// Dropout of the weights that an attention gives to keys: some, drawn at random, become zero, the others are enlarged.
///
/// Which ones follows from the seed and their place, so that the way back draws again what the forward run dropped, instead
/// of keeping it. Source: Vaswani et al.'s own code; PyTorch's `dropout_p`.
public struct AttentionDropout: Sendable {
  /// The probability with which a weight is dropped.
  public let rate: Float

  private let seed: UInt64

  /// Dropout that follows from `random`.
  ///
  /// - Throws: ``ShapeError`` unless 0 ≤ `rate` < 1.
  public init(_ rate: Float, using random: inout RandomSource) throws {
    guard rate >= 0, rate < 1 else {
      throw ShapeError("AttentionDropout", expected: "a rate of at least 0 and below 1", got: "\(rate)")
    }
    (self.rate, seed) = (rate, random.next())
  }

  /// Multiplies what stays of a block by 1 / (1 − rate), the rest by zero.
  ///
  /// - Parameter place: tells this block from all others.
  func apply(to block: UnsafeMutableBufferPointer<Float>, place: Int) {
    guard rate > 0 else { return }
    var random = RandomSource(seed: seed &+ UInt64(truncatingIfNeeded: place))
    let keep = 1 - Double(rate)
    DropoutMask(count: block.count, keep: keep, using: &random)
      .apply(to: block, length: 1, scale: Float(1 / keep))
  }
}
