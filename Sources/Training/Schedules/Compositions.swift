/// The factor climbs on a straight line over the first steps, and is then another schedule's over the rest of them.
///
/// Large first steps from random weights can do harm that is never made good. The factor at step t is (t + 1)/(steps + 1)
/// of what the other schedule begins with. Source: Goyal et al., "Accurate, large minibatch SGD", 2017; PyTorch's
/// `SequentialLR` of a `LinearLR` and another.
public struct LinearWarmup: Schedule {
  private let steps: Int
  private var rest: any Schedule

  /// So many steps of climbing before another schedule begins.
  public init(steps: Int, then rest: any Schedule = ConstantSchedule()) {
    self.steps = max(0, steps)
    self.rest = rest
  }

  public func factor(at step: Int, of total: Int) -> Float {
    let left = max(1, total - steps)
    guard step < steps else { return rest.factor(at: step - steps, of: left) }
    return rest.factor(at: 0, of: left) * Float(step + 1) / Float(steps + 1)
  }

  public mutating func observe(_ loss: Float) { rest.observe(loss) }
  public var state: [Double] { rest.state }
  public mutating func restore(_ state: [Double]) throws { try rest.restore(state) }
}

/// One schedule after the other, each counting its own steps. PyTorch's `SequentialLR`.
public struct ScheduleSequence: Schedule {
  private var parts: [any Schedule]
  private let starts: [Int]

  /// `first`, and from each of the given steps on the schedule named with it, in ascending order.
  public init(_ first: any Schedule, _ later: (from: Int, schedule: any Schedule)...) {
    parts = [first] + later.map(\.schedule)
    starts = [0] + later.map(\.from)
  }

  public func factor(at step: Int, of total: Int) -> Float {
    let index = starts.lastIndex { $0 <= step } ?? 0
    let end = index + 1 < starts.count ? min(starts[index + 1], total) : total
    return parts[index].factor(at: step - starts[index], of: max(1, end - starts[index]))
  }

  public mutating func observe(_ loss: Float) { for index in parts.indices { parts[index].observe(loss) } }
  public var state: [Double] { parts.joinedStates }
  public mutating func restore(_ state: [Double]) throws { try parts.restore(joined: state) }
}

/// The product of several schedules' factors. PyTorch's `ChainedScheduler`.
public struct ScheduleProduct: Schedule {
  private var parts: [any Schedule]

  /// The product of these.
  public init(_ parts: any Schedule...) { self.parts = parts }

  public func factor(at step: Int, of total: Int) -> Float {
    parts.reduce(1) { $0 * $1.factor(at: step, of: total) }
  }

  public mutating func observe(_ loss: Float) { for index in parts.indices { parts[index].observe(loss) } }
  public var state: [Double] { parts.joinedStates }
  public mutating func restore(_ state: [Double]) throws { try parts.restore(joined: state) }
}

extension [any Schedule] {
  /// Each one's state after the number of its numbers.
  fileprivate var joinedStates: [Double] { flatMap { [Double($0.state.count)] + $0.state } }

  fileprivate mutating func restore(joined state: [Double]) throws {
    var rest = state[...]
    var restored = self
    for index in restored.indices {
      guard let count = rest.popFirst(), count >= 0, count <= Double(rest.count) else {
        throw StateError("the saved schedule has other parts than these \(self.count)")
      }
      try restored[index].restore([Double](rest.prefix(Int(count))))
      rest = rest.dropFirst(Int(count))
    }
    guard rest.isEmpty else { throw StateError("the saved schedule has more parts than these \(self.count)") }
    self = restored
  }
}
