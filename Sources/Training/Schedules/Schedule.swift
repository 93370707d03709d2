/// How the learning rate changes over a training: a factor on the optimizer's own rate, step by step.
///
///     let schedule = LinearWarmup(steps: 500, then: CosineDecay())
///
/// Schedules are values and can be combined: ``LinearWarmup``, ``ScheduleSequence`` and ``ScheduleProduct`` hold others.
public protocol Schedule: Sendable {
  /// The factor for a step.
  ///
  /// - Parameters:
  ///   - step: how many steps were taken before it, from 0.
  ///   - total: how many there will be, at least 1; a stream of unknown length has `Int.max`.
  func factor(at step: Int, of total: Int) -> Float

  /// Learns of a validation loss, or a training loss where there is no validation, after an epoch.
  mutating func observe(_ loss: Float)

  /// What was learnt so far, for saving.
  var state: [Double] { get }

  /// Goes on from a saved state.
  ///
  /// - Throws: ``StateError`` if it is another schedule's.
  mutating func restore(_ state: [Double]) throws
}

/// A schedule that learns nothing on its way.
extension Schedule {
  /// Does nothing.
  public mutating func observe(_ loss: Float) {}

  /// Nothing.
  public var state: [Double] { [] }

  /// Checks that there is nothing.
  public mutating func restore(_ state: [Double]) throws {
    guard state.isEmpty else {
      throw StateError("\(Self.self) has no state, and \(state.count) numbers were saved")
    }
  }
}

/// The learning rate as it is.
public struct ConstantSchedule: Schedule {
  /// The schedule; it has nothing to set.
  public init() {}

  public func factor(at step: Int, of total: Int) -> Float { 1 }
}
