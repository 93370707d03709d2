import Synchronization

/// One run of a model: whether it trains, its randomness, and what it learns without a gradient.
///
/// A model behaves differently in training where a layer says so (dropout, batch normalization). Nothing global says
/// which: the pass does, and `model(x)` without one is inference.
///
///     let pass = Pass(.training, seed: step)
///     let (loss, gradients) = try model.valueAndGradients { try softmaxCrossEntropy($0(images, in: pass), labels) }
///     try optimizer.update(&model, with: gradients)
///     pass.commit(to: &model)
public final class Pass: Sendable {
  /// What a run is for.
  public enum Mode: Sendable, Hashable {
    /// Answers: deterministic, without randomness or change of state.
    case inference
    /// Learning.
    case training
  }

  /// What this run is for.
  public let mode: Mode

  /// Whether layers in a row end the run at the first layer whose output has a NaN or an infinity, by an
  /// error that names it: to find out where a loss that is not finite comes from.
  package let stopsWhereNotFinite: Bool

  private let random: Mutex<RandomSource>

  /// New values by the identity of their buffer; the buffer is kept so that its identity stays its own.
  private let changes = Mutex<[ObjectIdentifier: Buffer]>([:])

  /// A run for the given purpose, whose randomness follows from the seed.
  public convenience init(_ mode: Mode, seed: UInt64 = 0) {
    self.init(mode, seed: seed, stopsWhereNotFinite: false)
  }

  package init(_ mode: Mode, seed: UInt64, stopsWhereNotFinite: Bool) {
    self.mode = mode
    self.stopsWhereNotFinite = stopsWhereNotFinite
    random = Mutex(RandomSource(seed: seed))
  }

  /// A run that only answers.
  public static let inference = Pass(.inference)

  /// A source of random numbers for one layer's use in this run; each call gives an independent one.
  public func splitRandomness() -> RandomSource { random.withLock { $0.split() } }

  /// A buffer's value at this point of the run: what the run has set, or else what the module holds.
  public func value(of buffer: Buffer) -> Tensor {
    changes.withLock { $0[ObjectIdentifier(buffer.identity)]?.value } ?? buffer.value
  }

  /// Remembers a new value for a buffer, to be committed after the step; a constant to any tape.
  ///
  /// - Precondition: the value has the buffer's shape.
  public func set(_ buffer: Buffer, to value: Tensor) {
    precondition(value.shape == buffer.value.shape, "a buffer \(buffer.value.shape) set to \(value.shape)")
    var changed = buffer
    changed.value = value.detached
    changes.withLock { [changed] in $0[ObjectIdentifier(buffer.identity)] = changed }
  }
}

/// A layer's output has a NaN or an infinity.
package struct NotFiniteError: Error {
  /// The layer's path.
  package private(set) var layer = ""

  package init() {}

  /// The same within a module of this name.
  package func within(_ name: String) -> NotFiniteError {
    var error = self
    error.layer = layer.isEmpty ? name : "\(name).\(layer)"
    return error
  }
}
