import LinearAlgebra
import Testing

@Suite struct ElementarySpecialValuesTests {
  private let largest = Float.greatestFiniteMagnitude
  private let smallest = Float.leastNonzeroMagnitude

  @Test(arguments: ElementaryCase.all)
  func notANumberPassesThrough(_ function: ElementaryCase) {
    #expect(function.scalar(.nan).isNaN)
    #expect(function.scalar(-.nan).isNaN)
    #expect(function.values(at: [0.5, .nan, 0.5]).map(\.isNaN) == [false, true, false])
  }

  /// f(0) = 0 with the sign of the zero, and f(x) ≈ x for the smallest numbers.
  @Test(arguments: ["log1p", "tanh", "erf", "gelu", "geluTanh"])
  func zeroKeepsItsSign(_ name: String) throws {
    let function = try #require(ElementaryCase.all.first { $0.name == name })
    #expect(function.scalar(0).bitPattern == Float(0).bitPattern)
    #expect(function.scalar(-0.0).bitPattern == Float(-0.0).bitPattern)
    if name == "log1p" || name == "tanh" {
      #expect(function.scalar(smallest) == smallest)
      #expect(function.scalar(-smallest) == -smallest)
    }
  }

  @Test func exponentialEnds() {
    #expect(Elementary.exp(0) == 1)
    #expect(Elementary.exp(-0.0) == 1)
    #expect(Elementary.exp(.infinity) == .infinity)
    #expect(Elementary.exp(-.infinity) == 0)
    #expect(Elementary.exp(largest) == .infinity)
    #expect(Elementary.exp(-largest) == 0)
    #expect(Elementary.exp(88.73) == .infinity)
    #expect(Elementary.exp(88.72) < .infinity)
    #expect(Elementary.exp(-87.5).isSubnormal)
    #expect(Elementary.exp(-103.97) == smallest)
    #expect(Elementary.exp(-104) == 0)
    #expect(Elementary.exp(smallest) == 1)
  }

  @Test func logarithmEnds() {
    #expect(Elementary.log(1) == 0)
    #expect(Elementary.log(0) == -.infinity)
    #expect(Elementary.log(-0.0) == -.infinity)
    #expect(Elementary.log(.infinity) == .infinity)
    for x in [-1, -smallest, -largest, -.infinity] as [Float] { #expect(Elementary.log(x).isNaN) }
    #expect(Elementary.log(smallest) == -103.278_93)
    #expect(Elementary.log(largest) == 88.722_84)
    #expect(Elementary.log1p(-1) == -.infinity)
    #expect(Elementary.log1p(.infinity) == .infinity)
    #expect(Elementary.log1p(largest) == 88.722_84)
    for x in [-1.000_000_1, -2, -largest, -.infinity] as [Float] { #expect(Elementary.log1p(x).isNaN) }
  }

  @Test func sigmoidalEnds() {
    for x in [20, 1000, largest, .infinity] as [Float] {
      #expect(Elementary.tanh(x) == 1)
      #expect(Elementary.tanh(-x) == -1)
      #expect(Elementary.erf(x) == 1)
      #expect(Elementary.erf(-x) == -1)
      #expect(Elementary.sigmoid(x) == 1)
      #expect(Elementary.softplus(x) == x)
      #expect(Elementary.gelu(x) == x)
      #expect(Elementary.geluTanh(x) == x)
      #expect(Elementary.gelu(-x) == 0)
      #expect(Elementary.geluTanh(-x) == 0)
    }
    for x in [-104, -1000, -largest, -.infinity] as [Float] {
      #expect(Elementary.sigmoid(x) == 0)
      #expect(Elementary.softplus(x) == 0)
    }
    #expect(Elementary.sigmoid(0) == 0.5)
    #expect(Elementary.sigmoid(-0.0) == 0.5)
    #expect(Elementary.sigmoid(-100).isSubnormal)
    #expect(Elementary.softplus(-100).isSubnormal)
  }
}
