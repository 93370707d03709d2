extension Elementary {
  /// The hyperbolic tangent, at most 1.5 ulp off; −0 at −0, ±1 beyond ±9.02, never more.
  public static func tanh(_ x: Float) -> Float { HyperbolicTangent.scalar(x) }

  /// Replaces each x by tanh x.
  public static func tanh(_ values: UnsafeMutableBufferPointer<Float>) { HyperbolicTangent.replace(values) }
}

/// 1 − 2 / (e^{2|x|} + 1) with the sign of x, or x + x³ P(x²) for |x| < 0.625, where the difference would cancel.
///
/// P is of degree 4, relative error of tanh x 4.4·10⁻⁹, by scripts/minimax-polynomials; the form is that of Cephes'
/// `tanhf`.
enum HyperbolicTangent: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    let p: InlineArray<5, Float> = [
      -0.333_332_807, 0.133_314_416, -0.053_739_715_4, 0.020_639_088, -0.005_704_987_33,
    ]
    let magnitude = x.absolute
    let square = magnitude * magnitude
    let near = magnitude.plus(square.polynomial(p), times: square * magnitude)
    let power = PowerOfE(2 * magnitude.atMost(16)).normalValue
    let far = 1 - 2 / (power + 1)
    return far.replacing(with: near, where: magnitude.isLess(than: 0.625)).signed(as: x)
  }
}
