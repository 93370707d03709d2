extension Elementary {
  /// 1 / (1 + e⁻ˣ), the logistic curve, at most 2.5 ulp off; gradual underflow to 0 below −103.97, 1 from 17.4 on.
  public static func sigmoid(_ x: Float) -> Float { Sigmoid.scalar(x) }

  /// Replaces each x by sigmoid(x).
  public static func sigmoid(_ values: UnsafeMutableBufferPointer<Float>) { Sigmoid.replace(values) }

  /// ln(1 + eˣ), at most 2 ulp off; gradual underflow to 0 below −103.97, x from 17.4 on.
  public static func softplus(_ x: Float) -> Float { Softplus.scalar(x) }

  /// Replaces each x by softplus(x).
  public static func softplus(_ values: UnsafeMutableBufferPointer<Float>) { Softplus.replace(values) }
}

/// 1 / (1 + e^{−|x|}) for x ≥ 0, e^{−|x|} / (1 + e^{−|x|}) for x < 0: no power overflows.
enum Sigmoid: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    let power = PowerOfE((-x.absolute).atLeast(-104)).value
    return Vector(repeating: 1).replacing(with: power, where: x.isLess(than: 0)) / (1 + power)
  }
}

/// max(x, 0) + ln(1 + e^{−|x|}).
enum Softplus: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    x.atLeast(0) + LogarithmOfOnePlus.finite(at: PowerOfE((-x.absolute).atLeast(-104)).value)
  }
}
