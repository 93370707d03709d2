import Operations
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
    guard new.shape.rank == 3, new.shape[0] == old.shape[0], new.shape[2] == old.shape[2] else {
      throw ShapeError(
        "AttentionCache", expected: "[\(old.shape[0]), length, \(old.shape[2])]", got: new.shape)
    }
    return try concatenate([old, new.detached], along: 1)
  }
}
