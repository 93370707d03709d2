import Foundation

/// Elementary functions of `Float`.
public enum Elementary {
  /// eˣ.
  public static func exp(_ x: Float) -> Float { Foundation.exp(x) }

  /// The natural logarithm.
  public static func log(_ x: Float) -> Float { Foundation.log(x) }

  /// ln(1 + x), accurate near 0.
  public static func log1p(_ x: Float) -> Float { Foundation.log1p(x) }

  /// The hyperbolic tangent.
  public static func tanh(_ x: Float) -> Float { Foundation.tanh(x) }

  /// 1 / (1 + e⁻ˣ), the logistic curve, without overflow at either end.
  public static func sigmoid(_ x: Float) -> Float {
    let e = exp(-abs(x))
    return (x >= 0 ? 1 : e) / (1 + e)
  }

  /// ln(1 + eˣ), without overflow at either end.
  public static func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }
}
