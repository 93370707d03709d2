/// A step that was warmed up and can be timed.
struct TimedStep {
  private let step: NetworkStep

  init(_ step: NetworkStep) throws {
    self.step = step
    for _ in 0..<5 { try step.run() }
    let warm = try time()
    for _ in 0..<Int(min(50, 0.3 / max(warm, 1e-9))) { try step.run() }
  }

  /// The median time of a step, in seconds, over at least so many seconds.
  func median(seconds: Double) throws -> Double {
    var samples = Samples()
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end || samples.seconds.count < 5 { samples.seconds.append(try time()) }
    return samples.median
  }

  private func time() throws -> Double {
    let start = ContinuousClock.now
    try step.run()
    return start.duration(to: .now) / .seconds(1)
  }
}
