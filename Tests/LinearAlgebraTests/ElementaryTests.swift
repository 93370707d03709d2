import Foundation
import LinearAlgebra
import Testing

@Suite struct ElementaryTests {
  @Test func functionsAgreeWithDoublePrecision() {
    for x in stride(from: Float(-30), through: 30, by: 0.37) {
      let wide = Double(x)
      func expect(_ value: Float, _ exact: Double) {
        #expect(abs(Double(value) - exact) <= 4e-7 * abs(exact), "x = \(x)")
      }
      expect(Elementary.exp(x), Foundation.exp(wide))
      expect(Elementary.tanh(x), Foundation.tanh(wide))
      expect(Elementary.sigmoid(x), 1 / (1 + Foundation.exp(-wide)))
      expect(Elementary.softplus(x), Foundation.log1p(Foundation.exp(wide)))
    }
  }

  @Test func endsAreRight() {
    #expect(Elementary.sigmoid(-.infinity) == 0)
    #expect(Elementary.sigmoid(.infinity) == 1)
    #expect(Elementary.sigmoid(0) == 0.5)
    #expect(Elementary.sigmoid(.nan).isNaN)
    #expect(Elementary.softplus(1000) == 1000)
    #expect(Elementary.softplus(-1000) == 0)
  }
}
