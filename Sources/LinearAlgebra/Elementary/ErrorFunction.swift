extension Elementary {
  /// The error function 2/√π ∫₀ˣ e^{−t²} dt, at most 2 ulp off; −0 at −0, ±1 beyond ±3.92, never more.
  public static func erf(_ x: Float) -> Float { ErrorFunction.scalar(x) }

  /// Replaces each x by erf x.
  public static func erf(_ values: UnsafeMutableBufferPointer<Float>) { ErrorFunction.replace(values) }
}

/// x + x P(x²) for |x| < 0.85, beyond it 1 − 2 Φ(−√2 |x|) with the sign of x.
///
/// P is of degree 5, relative error of erf x 6.1·10⁻⁹, by scripts/minimax-polynomials.
enum ErrorFunction: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    let p: InlineArray<6, Float> = [
      0.128_379_166, -0.376_125_723, 0.112_827_174, -0.026_802_547_3, 0.005_051_094_57, -0.000_631_512_899,
    ]
    let magnitude = x.absolute
    let near = magnitude.plus(magnitude, times: (magnitude * magnitude).polynomial(p))
    let far = 1 - NormalTail.value(beyond: 1.414_213_56 * magnitude.atMost(8), times: Vector(repeating: 2))
    return far.replacing(with: near, where: magnitude.isLess(than: 0.85)).signed(as: x)
  }
}

/// Φ(−t), the normal distribution's tail, for 0 ≤ t ≤ 14.5, accurate relative to itself however small it gets.
///
///     Φ(−t) = e^{−t²/2} · P(q) / (t + 4),  q = (t − 4) / (t + 4)
///
/// The rest beside the power is Mills' ratio, a smooth function; P is of degree 9, relative error 8.6·10⁻⁹, by
/// scripts/minimax-polynomials. t² is taken as an exact square of t's first 12 bits and a remainder, since an error in it
/// would be one of the result's digits.
enum NormalTail {
  /// factor · Φ(−t), rounded to a subnormal number once, if to any.
  @inline(__always)
  static func value<Vector: FloatVector>(beyond t: Vector, times factor: Vector) -> Vector {
    let p: InlineArray<10, Float> = [
      0.755_285_144, -0.607_896_566, 0.387_136_906, -0.186_523_438, 0.060_403_831_3, -0.007_525_271_27,
      -0.003_512_554_1, 0.001_569_923_36, 0.000_179_354_261, -0.000_131_971_741,
    ]
    let first = Vector(bits: t.bits & Vector.MaskStorage(repeating: ~0xFFF))
    var power = PowerOfE(-0.5 * first * first, plus: -0.5 * (t - first) * (t + first))
    let inverse = 1 / (t + 4)
    let q = (t - 4) * inverse
    power.fraction *= factor * (inverse * q.polynomial(p))
    return power.value
  }
}
