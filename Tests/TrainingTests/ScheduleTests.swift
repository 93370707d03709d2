import Testing
import Training

@Suite struct ScheduleTests {
  @Test func linearDecayFallsOnAStraightLine() {
    #expect((0..<4).map { LinearDecay().factor(at: $0, of: 4) } == [1, 0.75, 0.5, 0.25])
    #expect(ConstantSchedule().factor(at: 3, of: 4) == 1)
  }
}
