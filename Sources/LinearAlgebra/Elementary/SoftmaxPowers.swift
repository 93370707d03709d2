extension Elementary {
  /// Replaces each x by e^{x − offset} and returns their sum, in one pass: the heart of a softmax.
  ///
  /// Each power is ``exp(_:)-(Float)`` of the rounded difference, the sum is ``sum(_:)`` of the powers, bit for bit.
  public static func exponentials(
    of values: UnsafeMutableBufferPointer<Float>, minus offset: Float
  ) -> Float {
    guard let start = values.baseAddress else { return 0 }
    let lanes = SIMD16<Float>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

    @inline(__always)
    func add(_ sum: SIMD16<Float>, _ index: Int, _ count: Int) -> SIMD16<Float> {
      let x = start + index
      let whole = count == 16
      let powers = Exponential.value(
        at: (whole ? SIMD16(at: x) : SIMD16(at: x, count: count, padding: 0)) - offset)
      guard !whole else {
        powers.store(to: x)
        return sum + powers
      }
      powers.store(to: x, count: count)
      return sum + SIMD16().replacing(with: powers, where: lanes.isLess(than: Float(count)))
    }
    return Sums.over(values.count, add)
  }
}
