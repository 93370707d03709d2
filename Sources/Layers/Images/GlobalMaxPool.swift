import Operations
import Tensors

/// The greatest element of each channel.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, height, width]` or `[batch, channels, length]` |
/// | output | `[batch, channels]` |
///
/// See ``globalMaxPool(_:)``.
public struct GlobalMaxPool: Layer, Codable {
  /// The layer; it has nothing to set.
  public init() {}

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try reportingErrors(as: self) { try globalMaxPool(input) }
  }

  public func outputShape(for input: Shape) throws -> Shape { try channels(of: input, for: self) }

  public var description: String { "GlobalMaxPool()" }
}
