import Tensors

/// The keys and values that a causal attention has computed for a sequence so far, so that the next element costs one
/// query instead of a run over all.
///
///     var cache = AttentionCache()
///     for token in … { output = try attention(token, cache: &cache) }
///
/// A value: a copy is a second continuation of the same beginning. For generation only; it holds constants.
public struct AttentionCache: Sendable {
  /// `[batch, length, dimension]`, the heads side by side; `nil` at the beginning.
  public private(set) var keys: Tensor?

  /// `[batch, length, dimension]`; `nil` at the beginning.
  public private(set) var values: Tensor?

  /// An empty cache, at a sequence's beginning.
  public init() {}

  /// How many elements of the sequence it holds.
  public var length: Int { keys?.shape[1] ?? 0 }

  /// Appends the next elements of each sequence.
  ///
  /// - Throws: ``ShapeError`` if they are not of the batch and dimension of those before.
  mutating func append(keys newKeys: Tensor, values newValues: Tensor) throws -> (
    keys: Tensor, values: Tensor
  ) {
    let joined = try (Self.join(keys, newKeys), Self.join(values, newValues))
    (keys, values) = joined
    return joined
  }

  private static func join(_ old: Tensor?, _ new: Tensor) throws -> Tensor {
    guard let old else { return new.detached }
    let (batch, dimension) = (old.shape[0], old.shape[2])
    guard new.shape.rank == 3, new.shape[0] == batch, new.shape[2] == dimension else {
      throw ShapeError("AttentionCache", expected: "[\(batch), length, \(dimension)]", got: new.shape)
    }
    let (before, after) = (old.shape[1] * dimension, new.shape[1] * dimension)
    return Tensor(shape: [batch, old.shape[1] + new.shape[1], dimension]) { joined in
      guard var target = joined.baseAddress else { return }
      old.withUnsafeElements { old in
        new.withUnsafeElements { new in
          guard let old = old.baseAddress, let new = new.baseAddress else { return }
          for example in 0..<batch {
            target.initialize(from: old + example * before, count: before)
            (target + before).initialize(from: new + example * after, count: after)
            target += before + after
          }
        }
      }
    }
  }
}
