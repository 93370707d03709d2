/// The loops the factorizations are made of, over vectors of consecutive elements.
enum RowOperations<Scalar: ProductScalar> where Scalar.SIMD8Storage: BitwiseCopyable {
  typealias Lanes = SIMD8<Scalar>

  /// Σ x[i] · y[i].
  static func dot(_ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int) -> Scalar {
    var lanes = Lanes()
    var i = 0
    while i &+ Lanes.scalarCount <= count {
      lanes = lanes.plus(Lanes(at: x + i), times: Lanes(at: y + i))
      i &+= Lanes.scalarCount
    }
    var sum = lanes.pairwiseSum
    while i < count {
      sum = multiplyAdd(sum, x[i], y[i])
      i &+= 1
    }
    return sum
  }

  /// y ← y + factor · x.
  static func add(
    _ factor: Scalar, _ x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    let factors = Lanes(repeating: factor)
    var i = 0
    while i &+ Lanes.scalarCount <= count {
      Lanes(at: y + i).plus(factors, times: Lanes(at: x + i)).store(to: y + i)
      i &+= Lanes.scalarCount
    }
    while i < count {
      y[i] = multiplyAdd(y[i], factor, x[i])
      i &+= 1
    }
  }

  /// x ← factor · x.
  static func scale(_ x: UnsafeMutablePointer<Scalar>, by factor: Scalar, count: Int) {
    for i in 0..<count { x[i] *= factor }
  }

  /// The plane rotation (x, y) ← (cosine · x − sine · y, sine · x + cosine · y).
  static func rotate(
    _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, cosine: Scalar, sine: Scalar,
    count: Int
  ) {
    let (c, s) = (Lanes(repeating: cosine), Lanes(repeating: sine))
    var i = 0
    while i &+ Lanes.scalarCount <= count {
      let (a, b) = (Lanes(at: x + i), Lanes(at: y + i))
      (c * a).plus(-s, times: b).store(to: x + i)
      (s * a).plus(c, times: b).store(to: y + i)
      i &+= Lanes.scalarCount
    }
    while i < count {
      let (a, b) = (x[i], y[i])
      x[i] = cosine * a - sine * b
      y[i] = sine * a + cosine * b
      i &+= 1
    }
  }

  /// The Euclidean length of x, safe from overflow and underflow of the squares.
  static func norm(_ x: UnsafePointer<Scalar>, count: Int) -> Scalar {
    let sum = dot(x, x, count: count)
    if sum > .leastNormalMagnitude / .ulpOfOne, sum < .infinity { return sum.squareRoot() }
    var largest: Scalar = 0
    for i in 0..<count where !(x[i].magnitude <= largest) { largest = x[i].magnitude }
    guard largest > 0, largest < .infinity else { return largest }
    var scaled: Scalar = 0
    for i in 0..<count { scaled += (x[i] / largest) * (x[i] / largest) }
    return largest * scaled.squareRoot()
  }
}
