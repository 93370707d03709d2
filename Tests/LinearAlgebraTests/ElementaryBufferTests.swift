import Foundation
import LinearAlgebra
import Testing

@Suite struct ElementaryBufferTests {
  /// At every length up to 67 and three offsets, an element is the scalar form's, bit for bit, and nothing beside the
  /// buffer is written.
  @Test(arguments: ElementaryCase.all)
  func elementsAreTheScalarFormsWhereverTheyStand(_ function: ElementaryCase) {
    let inputs = (0..<80).map { index -> Float in 0.37 * Float((index * 37) % 80) - 14.79 }
    let expected = inputs.map(function.scalar)
    for count in 0...67 {
      for offset in [0, 1, 3] {
        var values = inputs
        values.withUnsafeMutableBufferPointer {
          function.buffer(UnsafeMutableBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        var wanted = inputs
        wanted.replaceSubrange(offset..<offset + count, with: expected[offset..<offset + count])
        #expect(values.bits == wanted.bits, "\(count) elements from \(offset) on")
      }
    }
  }

  @Test func emptyBuffersAreNeutral() {
    let none = UnsafeBufferPointer<Float>(start: nil, count: 0)
    #expect(Elementary.sum(none) == 0)
    #expect(Elementary.sumOfSquares(none) == 0)
    #expect(Elementary.dot(none, none) == 0)
    #expect(Elementary.maximum(none) == -.infinity)
    #expect(Elementary.exponentials(of: UnsafeMutableBufferPointer(start: nil, count: 0), minus: 0) == 0)
    Elementary.exp(UnsafeMutableBufferPointer(start: nil, count: 0))
  }

  @Test(arguments: [0, 1, 3])
  func sumsAreWithinTheirBounds(_ offset: Int) {
    let x = (0..<5000).map { index -> Float in 3 * sin(1.7 * Float(index)) }
    let y = (0..<5000).map { index -> Float in cos(0.3 * Float(index)) + 0.1 }
    for count in Array(0...67) + [1000, 4999 - offset] {
      let (a, b) = (x[offset..<offset + count], y[offset..<offset + count])
      func expect(_ value: Float, _ terms: [Double], _ what: String) {
        let allowed = (Double(count) / 32 + 7) * 0x1p-24 * terms.reduce(0) { $0 + abs($1) }
        #expect(abs(Double(value) - terms.reduce(0, +)) <= allowed, "\(what) of \(count)")
      }
      a.withUnsafeBufferPointer { a in
        expect(Elementary.sum(a), a.map(Double.init), "sum")
        expect(Elementary.sumOfSquares(a), a.map { Double($0) * Double($0) }, "squares")
        b.withUnsafeBufferPointer { b in
          expect(Elementary.dot(a, b), zip(a, b).map { Double($0) * Double($1) }, "dot")
        }
      }
    }
  }

  @Test func exponentialsAreThePowersAndTheirSum() {
    let x = (0..<80).map { index -> Float in 0.7 * Float((index * 29) % 80) - 30 }
    for count in 1...67 {
      var powers = x
      let sum = powers.withUnsafeMutableBufferPointer {
        Elementary.exponentials(of: UnsafeMutableBufferPointer(rebasing: $0[1..<1 + count]), minus: 26)
      }
      let expected = x[1..<1 + count].map { Elementary.exp($0 - 26) }
      var wanted = x
      wanted.replaceSubrange(1..<1 + count, with: expected)
      #expect(powers.bits == wanted.bits)
      #expect(sum == expected.withUnsafeBufferPointer { Elementary.sum($0) })
    }
  }

  @Test func maximumIsFoundAtEveryPlaceAndNotANumberToo() {
    for count in 1...67 {
      for place in 0..<count {
        var x = [Float](repeating: -3, count: count)
        x[place] = -2
        #expect(x.withUnsafeBufferPointer(Elementary.maximum) == -2)
        x[place] = .nan
        #expect(x.withUnsafeBufferPointer(Elementary.maximum).isNaN)
        x[count - 1 - place] = .infinity
        #expect(x.withUnsafeBufferPointer(Elementary.maximum).isNaN || 2 * place == count - 1)
      }
    }
    #expect([-Float.infinity].withUnsafeBufferPointer(Elementary.maximum) == -.infinity)
  }

  @Test func sumsOfSpecialValuesAreSpecial() {
    for place in 0..<40 {
      var x = [Float](repeating: 1, count: 40)
      x[place] = .nan
      #expect(x.withUnsafeBufferPointer(Elementary.sum).isNaN)
      x[place] = -.infinity
      #expect(x.withUnsafeBufferPointer(Elementary.sum) == -.infinity)
      #expect(x.withUnsafeBufferPointer(Elementary.sumOfSquares) == .infinity)
    }
  }
}

extension Sequence<Float> {
  fileprivate var bits: [UInt32] { map(\.bitPattern) }
}
