import Synchronization

/// One run of a model: whether it trains, and its randomness.
///
/// A model behaves differently in training where a layer says so (dropout, batch normalization). Nothing global says
/// which: the pass does, and `model(x)` without one is inference.
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

  private let random: Mutex<RandomSource>

  /// A run for the given purpose, whose randomness follows from the seed.
  public init(_ mode: Mode, seed: UInt64 = 0) {
    self.mode = mode
    random = Mutex(RandomSource(seed: seed))
  }

  /// A run that only answers.
  public static let inference = Pass(.inference)

  /// A source of random numbers for one layer's use in this run; each call gives an independent one.
  public func splitRandomness() -> RandomSource { random.withLock { $0.split() } }
}
