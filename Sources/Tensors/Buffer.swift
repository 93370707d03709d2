/// A tensor that a module keeps beside its parameters and that a training run changes without a gradient: running
/// statistics of a normalization, the vectors of a power iteration.
///
/// A layer reads and writes its buffers through the ``Pass``: a model is a value, and its call does not change it. What
/// a pass has collected is put in its place by `pass.commit(to: &model)`.
public struct Buffer: Sendable {
  /// The tensor, as of the last commit.
  public package(set) var value: Tensor

  /// Told apart from all other buffers, and the same in a copy of the module.
  let identity = Identity()

  /// A buffer that begins with a value.
  public init(_ value: Tensor) { self.value = value }

  final class Identity: Sendable {}
}
