import Interchange
import TestSupport
import Testing
import Training

@Suite struct ScheduleTests {
  /// What the script `schedules.py` has recorded under each name.
  private static let schedules: [String: any Schedule] = [
    "linear": LinearDecay(to: 0.1),
    "polynomial": PolynomialDecay(power: 2),
    "step": StepDecay(factor: 0.5, every: 30),
    "milestones": MilestoneDecay(factor: 0.3, at: [10, 40, 90]),
    "exponential": ExponentialDecay(factor: 0.97),
    "cosine": CosineDecay(to: 0.1),
    "restarts": CosineRestarts(first: 10, growth: 2, to: 0.05),
    "equal-restarts": CosineRestarts(first: 30),
    "one-cycle": OneCycle(),
    "early-one-cycle": OneCycle(risingShare: 0.1, startDivisor: 5, endDivisor: 100),
    "warm-up": LinearWarmup(steps: 20, then: CosineDecay()),
    "product": ScheduleProduct(ExponentialDecay(factor: 0.99), StepDecay(factor: 0.5, every: 30)),
    "sequence": ScheduleSequence(ConstantSchedule(), (from: 50, schedule: ExponentialDecay(factor: 0.9))),
    "plateau": ReduceOnPlateau(reduction: 0.5, patience: 4, cooldown: 3),
    "plateau-least": ReduceOnPlateau(patience: 2, threshold: 0.04, least: 1e-3),
  ]

  @Test(arguments: schedules.keys.sorted()) func followsPyTorchForAHundredSteps(_ name: String) throws {
    let file = try Safetensors(fixture: "schedules")
    let expected = try #require(file[name]?.array)
    let losses = try #require(file["losses"]?.array)
    var schedule = try #require(Self.schedules[name])
    let factors = losses.enumerated().map { step, loss in
      defer { schedule.observe(loss) }
      return schedule.factor(at: step, of: losses.count)
    }
    for (step, (factor, expected)) in zip(factors, expected).enumerated() {
      #expect(
        abs(factor - expected) <= 1e-4 * abs(expected) + 1e-7, "step \(step): \(factor), not \(expected)")
    }
  }

  @Test(arguments: schedules.keys.sorted()) func goesOnFromItsState(_ name: String) throws {
    var schedule = try #require(Self.schedules[name])
    var resumed = schedule
    for loss in [3, 3, 3, 3, 3, 3, 2] as [Float] { schedule.observe(loss) }
    try resumed.restore(schedule.state)
    for loss in [2, 2, 2, 2, 2, 2, 1] as [Float] {
      schedule.observe(loss)
      resumed.observe(loss)
      #expect(schedule.factor(at: 50, of: 100) == resumed.factor(at: 50, of: 100))
    }
    #expect(throws: StateError.self) { try resumed.restore([1, 2, 3, 4, 5, 6, 7]) }
  }

  @Test func noScheduleLeavesItsRangeAtTheEdges() {
    for (name, schedule) in Self.schedules {
      for (step, total) in [(0, 1), (1, 1), (0, Int.max), (5, Int.max), (100, 10), (1 << 40, 1 << 41)] {
        let factor = schedule.factor(at: step, of: total)
        #expect(factor >= 0 && factor <= 1, "\(name) at \(step) of \(total): \(factor)")
      }
    }
  }

  @Test func compositionsKeepTheirPartsStates() throws {
    let parts: [any Schedule] = [
      LinearWarmup(steps: 3, then: ReduceOnPlateau(patience: 0)),
      ScheduleProduct(LinearDecay(), ReduceOnPlateau(patience: 0), ReduceOnPlateau(patience: 1)),
      ScheduleSequence(ReduceOnPlateau(patience: 0), (from: 4, schedule: LinearDecay())),
    ]
    for part in parts {
      var (schedule, resumed) = (part, part)
      for _ in 0..<4 { schedule.observe(1) }
      try resumed.restore(schedule.state)
      #expect(schedule.factor(at: 3, of: 9) == resumed.factor(at: 3, of: 9))
      #expect(schedule.factor(at: 3, of: 9) < part.factor(at: 3, of: 9))
    }
  }
}
