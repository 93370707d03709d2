import LinearAlgebra
import Testing

@Suite struct ElementaryAccuracyTests {
  /// Every 1019th of all bit patterns: 4.2 million numbers of every sign and exponent, subnormal, infinite and NaN ones too.
  @Test(arguments: ElementaryCase.all)
  func errorIsWithinTheStatedBoundEverywhere(_ function: ElementaryCase) {
    expectBound(of: function, at: stride(from: UInt32(0), to: .max, by: 1019).map(Float.init(bitPattern:)))
  }

  /// The range where the functions bend, more densely than the bit patterns have it.
  @Test(arguments: ElementaryCase.all)
  func errorIsWithinTheStatedBoundWhereItMatters(_ function: ElementaryCase) {
    expectBound(of: function, at: (-1_000_000...1_000_000).map { Float($0) * 0.000_110_3 })
  }

  private func expectBound(of function: ElementaryCase, at inputs: [Float]) {
    let values = function.values(at: inputs)
    var worst = (excess: 0.0, index: 0)
    for index in inputs.indices {
      let x = Double(inputs[index])
      let excess = errorInUlp(values[index], function.exact(x)) / (x.isNaN ? 1 : function.bound(x))
      if !(excess <= worst.excess) { worst = (excess, index) }
    }
    let (x, value) = (inputs[worst.index], values[worst.index])
    #expect(
      worst.excess <= 1, "\(function.name)(\(x)) = \(value), exactly \(function.exact(Double(x)))")
  }

  /// No value beyond an end leaves it: the functions neither overshoot ±1 nor come back.
  @Test(arguments: [Float(0), 0.5, 0.6, 0.8, 3.8, 8.9, 17, 104])
  func saturationIsMonotone(_ start: Float) {
    for name in ["tanh", "sigmoid", "erf", "softplus", "exp"] {
      guard let function = ElementaryCase.all.first(where: { $0.name == name }) else { continue }
      var previous = function.scalar(start)
      for step in 1...20_000 {
        let value = function.scalar(start + Float(step) * 0.001)
        #expect(value >= previous, "\(name) falls at \(start + Float(step) * 0.001)")
        if name != "softplus", name != "exp" { #expect(value <= 1) }
        previous = value
      }
    }
  }
}
