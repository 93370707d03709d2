import Testing
import Training

@Suite struct ScheduleTests {
  @Test func linearDecayFallsOnAStraightLine() {
    #expect([0, 0.25, 0.5, 0.75].map { LinearDecay().factor(at: $0) } == [1, 0.75, 0.5, 0.25])
    #expect(ConstantSchedule().factor(at: 0.75) == 1)
  }
}
