import Foundation

/// The learning rate falls from all of it at the first step towards nothing after the last, on a straight line: large
/// steps to get somewhere, small ones to settle. PyTorch's `LinearLR` from 1 to `end`.
public struct LinearDecay: Schedule {
  /// The factor after the last step.
  public let end: Float

  /// The line from 1 to `end`.
  public init(to end: Float = 0) { self.end = end }

  public func factor(at step: Int, of total: Int) -> Float {
    1 - (1 - end) * Float(min(step, total)) / Float(total)
  }
}

/// The factor falls as (1 − step/total)^power. PyTorch's `PolynomialLR`.
public struct PolynomialDecay: Schedule {
  /// 1 is ``LinearDecay``; more falls sooner.
  public let power: Float

  /// The curve of this power.
  public init(power: Float) { self.power = power }

  public func factor(at step: Int, of total: Int) -> Float {
    pow(1 - Float(min(step, total)) / Float(total), power)
  }
}

/// The factor is multiplied by `factor` every so many steps. PyTorch's `StepLR`.
public struct StepDecay: Schedule {
  private let rate: Float
  private let steps: Int

  /// Multiplies by `factor` after every `steps` steps, at least 1.
  public init(factor: Float = 0.1, every steps: Int) {
    rate = factor
    self.steps = max(1, steps)
  }

  public func factor(at step: Int, of total: Int) -> Float { pow(rate, Float(step / steps)) }
}

/// The factor is multiplied by `factor` at given steps. PyTorch's `MultiStepLR`.
public struct MilestoneDecay: Schedule {
  private let rate: Float
  private let milestones: [Int]

  /// Multiplies by `factor` from each of these steps on.
  public init(factor: Float = 0.1, at milestones: [Int]) {
    rate = factor
    self.milestones = milestones
  }

  public func factor(at step: Int, of total: Int) -> Float {
    pow(rate, Float(milestones.count { $0 <= step }))
  }
}

/// The factor is multiplied by `factor` at every step. PyTorch's `ExponentialLR`.
public struct ExponentialDecay: Schedule {
  private let rate: Float

  /// `factor` to the power of the step.
  public init(factor: Float) { rate = factor }

  public func factor(at step: Int, of total: Int) -> Float { Float(pow(Double(rate), Double(step))) }
}
