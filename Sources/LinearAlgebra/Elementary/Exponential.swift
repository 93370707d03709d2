extension Elementary {
  /// eˣ, at most 1.1 ulp off; gradual underflow below −87.3, 0 below −103.97, ∞ above 88.72.
  public static func exp(_ x: Float) -> Float { Exponential.scalar(x) }

  /// Replaces each x by eˣ.
  public static func exp(_ values: UnsafeMutableBufferPointer<Float>) { Exponential.replace(values) }
}

enum Exponential: ElementwiseFunction {
  @inline(__always)
  static func value<Vector: FloatVector>(at x: Vector) -> Vector {
    // What rounds to 0, as every hidden score of a softmax does, is not computed: results below the normal range take some
    // processors a hundred times as long.
    let isZero = x.isLess(than: -104)
    return PowerOfE(x.replacing(with: 0, where: isZero).atMost(89)).value.replacing(with: 0, where: isZero)
  }
}

/// eˣ = fraction · 2ⁿ for −113 ≤ x ≤ 89, before its parts are put together.
///
///     n = round(x / ln 2),  r = x − n ln 2,  |r| ≤ ln 2 / 2,  fraction = eʳ = 1 + r + r² P(r)
///
/// ln 2 is taken as a first part of nine bits, whose product with n is exact, and a second (Cody and Waite, "Software
/// Manual for the Elementary Functions", 1980). P is of degree 4, relative error of eʳ 3.2·10⁻⁹, by
/// scripts/minimax-polynomials.
struct PowerOfE<Vector: FloatVector> {
  /// eʳ; may be multiplied by a factor of moderate size, before ``value`` rounds to a subnormal number.
  var fraction: Vector

  /// The bit pattern of 1.5 · 2²³ + n, whose low bits are those of n.
  private let exponent: Vector.MaskStorage

  @inline(__always)
  init(_ x: Vector) { self.init(x, plus: nil) }

  /// The power of `high + low`, where `low` is a correction below 0.1.
  @inline(__always)
  init(_ high: Vector, plus low: Vector?) {
    let shift = Vector(repeating: 12_582_912)  // 1.5 · 2²³: adding it rounds to an integer in the low bits.
    let shifted = shift.plus(1.442_695_04, times: low.map { high + $0 } ?? high)
    let n = shifted - shift
    var r = high.plus(-0.693_359_375, times: n).plus(2.121_944_4e-4, times: n)
    if let low { r += low }
    let p: InlineArray<5, Float> = [
      0.499_999_94, 0.166_665_196, 0.041_668_403_9, 0.008_368_904_7, 0.001_381_480_83,
    ]
    fraction = r.plus(r.polynomial(p), times: r * r) + 1
    exponent = shifted.bits
  }

  /// fraction · 2ⁿ, multiplied by 2^⌊n/2⌋ and by the rest, so that it rounds once where it ends outside the normal range.
  @inline(__always)
  var value: Vector {
    let half = exponent &>> 1
    return fraction * Self.powerOfTwo(half) * Self.powerOfTwo(exponent &- half)
  }

  /// The same for −126 ≤ n ≤ 127, one multiplication.
  @inline(__always)
  var normalValue: Vector { fraction * Self.powerOfTwo(exponent) }

  /// 2ᵏ, where −126 ≤ k ≤ 127 is what the low nine bits say.
  @inline(__always)
  private static func powerOfTwo(_ k: Vector.MaskStorage) -> Vector { Vector(bits: k &<< 23 &+ 0x3F80_0000) }
}
