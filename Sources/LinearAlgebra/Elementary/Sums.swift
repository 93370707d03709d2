extension Elementary {
  /// The sum, 0 if there is none.
  ///
  /// Added up in 32 interleaved sums, which are then added pairwise, in every build alike:
  /// |error| ≤ (count / 32 + 6) · 2⁻²⁴ · Σ |xᵢ|.
  public static func sum(_ values: UnsafeBufferPointer<Float>) -> Float {
    Sums.over(values) { $0 + $1 }
  }

  /// Σ xᵢ², with the error bound of a sum.
  public static func sumOfSquares(_ values: UnsafeBufferPointer<Float>) -> Float {
    Sums.over(values) { $0.plus($1, times: $1) }
  }

  /// Σ xᵢyᵢ, with the error bound of a sum: |error| ≤ (count / 32 + 7) · 2⁻²⁴ · Σ |xᵢyᵢ|.
  public static func dot(_ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>) -> Float {
    precondition(x.count == y.count, "dot: \(x.count) elements and \(y.count)")
    return Sums.over(x, y) { $0.plus($1, times: $2) }
  }
}

/// The one order of every sum over a buffer: vectors of 16 elements are added by turns to two vectors of sums, the rest
/// filled up with zeros; then the sums are added pairwise.
enum Sums {
  typealias Vector = SIMD16<Float>

  /// The sum over one buffer, `add` giving the new sum from the old one and the elements.
  @inline(__always)
  static func over(_ x: UnsafeBufferPointer<Float>, _ add: (Vector, Vector) -> Vector) -> Float {
    over(x.count) { sum, index, count in
      guard let x = x.baseAddress else { return sum }
      return add(sum, elements(of: x + index, count))
    }
  }

  /// The sum over two buffers of one length.
  @inline(__always)
  static func over(
    _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>,
    _ add: (Vector, Vector, Vector) -> Vector
  ) -> Float {
    over(x.count) { sum, index, count in
      guard let x = x.baseAddress, let y = y.baseAddress else { return sum }
      return add(sum, elements(of: x + index, count), elements(of: y + index, count))
    }
  }

  /// The sum over `count` elements, `add` giving the new sum from the old one for as many elements from an index on.
  @inline(__always)
  static func over(_ count: Int, _ add: (_ sum: Vector, _ index: Int, _ count: Int) -> Vector) -> Float {
    var (first, second) = (Vector(), Vector())
    var index = 0
    while index &+ 32 <= count {
      first = add(first, index, 16)
      second = add(second, index &+ 16, 16)
      index &+= 32
    }
    if index &+ 16 <= count {
      first = add(first, index, 16)
      index &+= 16
      if index < count { second = add(second, index, count &- index) }
    } else if index < count {
      first = add(first, index, count &- index)
    }
    return pairwise(first + second)
  }

  @inline(__always)
  private static func elements(of x: UnsafePointer<Float>, _ count: Int) -> Vector {
    count == 16 ? Vector(at: x) : Vector(at: x, count: count, padding: 0)
  }

  /// The upper half is added to the lower one, until one is left.
  @inline(__always)
  private static func pairwise(_ sums: Vector) -> Float {
    let eight = sums.lowHalf + sums.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
