/// How the learning rate changes over a training.
public protocol Schedule: Sendable {
  /// The factor on the optimizer's learning rate.
  ///
  /// - Parameter progress: the share of all steps that are done, from 0 to less than 1.
  func factor(at progress: Float) -> Float
}

/// The learning rate as it is.
public struct ConstantSchedule: Schedule {
  /// The schedule; it has nothing to set.
  public init() {}

  public func factor(at progress: Float) -> Float { 1 }
}

/// The learning rate falls from all of it at the first step towards nothing after the last, on a straight line: large
/// steps to get somewhere, small ones to settle.
public struct LinearDecay: Schedule {
  /// The schedule; it has nothing to set.
  public init() {}

  public func factor(at progress: Float) -> Float { 1 - progress }
}
