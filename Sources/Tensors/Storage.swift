/// The memory of a tensor: `capacity` floats, 64-byte-aligned, from the ``StoragePool`` and returned to it.
///
/// Unchecked, because a class with mutable memory cannot prove what ``Tensor`` guarantees: the memory is written only
/// while its one owner holds the only reference to it (copy on write), and is otherwise read-only. No other type in
/// the library is `@unchecked`.
final class Storage: @unchecked Sendable {
  let elements: UnsafeMutablePointer<Float>
  private let capacity: Int

  /// Memory for at least `count` elements, their values undefined.
  init(count: Int) {
    (elements, capacity) = StoragePool.take(count)
  }

  deinit { StoragePool.give(elements, capacity: capacity) }
}
