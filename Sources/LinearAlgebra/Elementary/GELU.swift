extension Elementary {
  /// x Φ(x) = x/2 · (1 + erf(x/√2)), the Gaussian error linear unit.
  ///
  /// At most 2 ulp off for x ≥ 0 and 6 for x < 0, however small it gets; −0 at −0; gradual underflow to 0 below −14.4,
  /// x from 5.6 on. Source: Hendrycks and Gimpel, "Gaussian Error Linear
  /// Units", 2016.
  public static func gelu(_ x: Float) -> Float { GELU.scalar(x) }

  /// Replaces each x by gelu(x).
  public static func gelu(_ values: UnsafeMutableBufferPointer<Float>) { GELU.replace(values) }

  /// x/2 · (1 + tanh u) with u = √(2/π) (x + 0.044715 x³), the paper's approximation of ``gelu(_:)-(Float)``.
  ///
  /// At most 2 ulp off for x ≥ 0 and 3 + 6 |u| ulp for x < 0, where the rounding of u shows in a small result.
  public static func geluTanh(_ x: Float) -> Float { GELUTanh.scalar(x) }

  /// Replaces each x by geluTanh(x).
  public static func geluTanh(_ values: UnsafeMutableBufferPointer<Float>) { GELUTanh.replace(values) }
}

/// max(x, 0) − |x| Φ(−|x|), or x (1/2 + x P(x²)) for |x| < 0.85: neither loses digits by cancellation.
///
/// P is of degree 4, relative error 4.5·10⁻⁹ of Φ, by scripts/minimax-polynomials.
enum GELU: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    let p: InlineArray<5, Float> = [
      0.398_942_262, -0.066_489_778_5, 0.009_969_258_68, -0.001_174_323_73, 0.000_097_685_959_2,
    ]
    let t = x.absolute.atMost(14.5)
    let near = x * Vector(repeating: 0.5).plus((t * t).polynomial(p), times: x)
    let far = x.atLeast(0) - NormalTail.value(beyond: t, times: t)
    return far.replacing(with: near, where: t.isLess(than: 0.85))
  }
}

/// max(x, 0) − |x| e / (1 + e) with e = e^{−2|u|}, since (1 + tanh u) / 2 = sigmoid(2u).
enum GELUTanh: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    let t = x.absolute.atMost(11)
    let twice = Vector(repeating: 1.595_769_12).plus(0.071_354_816_3, times: t * t)
    var power = PowerOfE(-(t * twice))
    let divisor = 1 + power.value
    power.fraction *= t
    return x.atLeast(0) - power.value / divisor
  }
}
