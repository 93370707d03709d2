extension Elementary {
  /// The natural logarithm, at most 1 ulp off; −∞ at ±0, NaN below 0, ∞ at ∞. Subnormal numbers count in full.
  public static func log(_ x: Float) -> Float { Logarithm.scalar(x) }

  /// Replaces each x by ln x.
  public static func log(_ values: UnsafeMutableBufferPointer<Float>) { Logarithm.replace(values) }

  /// ln(1 + x), at most 1.5 ulp off, near 0 too; −0 at −0, −∞ at −1, NaN below −1, ∞ at ∞.
  public static func log1p(_ x: Float) -> Float { LogarithmOfOnePlus.scalar(x) }

  /// Replaces each x by ln(1 + x).
  public static func log1p(_ values: UnsafeMutableBufferPointer<Float>) { LogarithmOfOnePlus.replace(values) }
}

/// ln(m · 2ᵏ) with √½ ≤ m < √2 and f = m − 1:
///
///     ln(1 + f) + k ln 2 = f − f²/2 + f³ P(f) + k ln 2
///
/// P is of degree 8, relative error of ln(1 + f) 8.8·10⁻¹⁰, by scripts/minimax-polynomials; the form is that of Cephes'
/// `logf`. ln 2 is taken in two parts, as in ``PowerOfE``.
enum Logarithm: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    let subnormal = x.isLess(than: .leastNormalMagnitude)
    let scaled = x.replacing(with: x * 8_388_608, where: subnormal)  // 2²³
    let (m, k, _) = parts(of: scaled)
    let exponent = k.replacing(with: k - 23, where: subnormal)
    return series(m - 1, exponent).logarithm(of: x)
  }

  /// m and k of a positive normal number m · 2ᵏ; k as a number and as bits at the exponent's place.
  @inline(__always)
  static func parts<Vector: FloatVector>(
    of x: Vector
  ) -> (m: Vector, k: Vector, shiftedK: Vector.MaskStorage) {
    let rootOfHalf = Vector.MaskStorage(repeating: 0x3F35_04F3)
    let k = (x.bits &- rootOfHalf) &>> 23
    // 1.5 · 2²³ + k in floating point, by the bit pattern; a conversion of integers that every target has.
    let number = Vector(bits: k &+ 0x4B40_0000) - 12_582_912
    return (Vector(bits: x.bits &- k &<< 23), number, k &<< 23)
  }

  /// ln(1 + f) + k ln 2.
  @inline(__always)
  static func series<Vector: FloatVector>(_ f: Vector, _ k: Vector) -> Vector {
    let p: InlineArray<9, Float> = [
      0.333_333_075, -0.249_999_732, 0.200_025_111, -0.166_703_492, 0.142_134_443,
      -0.123_589_687, 0.118_863_888, -0.119_621_299, 0.071_052_305_4,
    ]
    let square = f * f
    let cubic = (f * square) * f.polynomial(p)
    let tail = cubic.plus(-2.121_944_4e-4, times: k).plus(-0.5, times: square)
    return (f + tail).plus(0.693_359_375, times: k)
  }
}

extension FloatVector {
  /// `self`, a logarithm of x, or what is right where x is no positive finite number.
  @inline(__always)
  fileprivate func logarithm(of x: Self) -> Self {
    (self + (x - x))  // NaN stays.
      .replacing(with: Self(repeating: .infinity), where: x.isEqual(to: .infinity))
      .replacing(with: Self(repeating: -.infinity), where: x.isEqual(to: 0))
      .replacing(with: Self(repeating: .nan), where: x.isLess(than: 0))
  }
}

/// ln(1 + x) as the logarithm of u = 1 + x and what was lost in rounding u.
///
/// u = m · 2ᵏ; where k = 0, f is x itself and nothing is lost. Otherwise f = m − 1 + 2⁻ᵏ c with c = 1 + x − u.
enum LogarithmOfOnePlus: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    finite(at: x).logarithm(of: 1 + x)
      .replacing(with: x, where: x.isEqual(to: 0))
  }

  /// The same for −1 < x < ∞.
  @inline(__always)
  static func finite<Vector: FloatVector>(at x: Vector) -> Vector {
    let u = 1 + x
    let (m, k, shiftedK) = Logarithm.parts(of: u)
    let c = (1 - (u - x)).replacing(with: x - (u - 1), where: u.isLess(than: 2))
    // Where u > 2²⁵, the loss is of no account and 2⁻ᵏ might not be a normal number.
    let inverse = Vector(bits: Vector.MaskStorage(repeating: 0x3F80_0000) &- shiftedK)
    let loss = (c * inverse).replacing(with: Vector(), where: u.isGreater(than: 33_554_432))
    let f = (m - 1 + loss).replacing(with: x, where: k.isEqual(to: 0))
    return Logarithm.series(f, k)
  }
}
