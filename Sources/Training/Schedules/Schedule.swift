/// How the learning rate changes over a training.
public protocol Schedule: Sendable {
  /// The factor on the optimizer's learning rate at a step.
  ///
  /// - Parameters:
  ///   - step: from 0, over all epochs.
  ///   - steps: how many there will be.
  func factor(at step: Int, of steps: Int) -> Float
}

/// The learning rate as it is.
public struct ConstantSchedule: Schedule {
  /// The schedule; it has nothing to set.
  public init() {}

  public func factor(at step: Int, of steps: Int) -> Float { 1 }
}

/// The learning rate falls from all of it at the first step towards nothing after the last, on a straight line: large
/// steps to get somewhere, small ones to settle.
public struct LinearDecay: Schedule {
  /// The schedule; it has nothing to set.
  public init() {}

  public func factor(at step: Int, of steps: Int) -> Float { 1 - Float(step) / Float(max(1, steps)) }
}
