import Tensors
import Testing

@Suite struct RandomSourceTests {
  @Test func theSeedDecides() {
    var (a, b, c) = (RandomSource(seed: 1), RandomSource(seed: 1), RandomSource(seed: 2))
    let numbers = (0..<10).map { _ in a.next() }
    #expect(numbers == (0..<10).map { _ in b.next() })
    #expect(numbers != (0..<10).map { _ in c.next() })
  }

  @Test func splitsDiffer() {
    var source = RandomSource(seed: 3)
    var (a, b) = (source.split(), source.split())
    #expect((0..<10).map { _ in a.next() } != (0..<10).map { _ in b.next() })
  }

  @Test func momentsAreRight() {
    var source = RandomSource(seed: 4)
    let count = 100_000
    let uniform = (0..<count).map { _ in Double(source.uniform()) }
    let normal = (0..<count).map { _ in Double(source.normal()) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(count) }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(mean(uniform) - 0.5) < 0.005)
    #expect(abs(mean(normal)) < 0.015)
    #expect(abs(mean(normal.map { $0 * $0 }) - 1) < 0.02)
  }

  @Test func permutationsHoldEachNumberOnce() {
    var source = RandomSource(seed: 5)
    let order = source.permutation(1000)
    #expect(order != Array(0..<1000))
    #expect(order.sorted() == Array(0..<1000))
    #expect(source.permutation(0) == [])
  }
}
