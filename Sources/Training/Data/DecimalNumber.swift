/// The reading of decimal numbers from bytes, rounded to the nearest `Float`.
///
/// Goals, in this order: the same result as `Float(_: String)` to the last bit; speed on short numbers. A number of at
/// most 15 digits times a power of ten up to 10²² is exact in two `Double`s, so that one multiplication or division
/// rounds once: W. D. Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990. Rounding that once more to
/// `Float` is right except where the `Double` lies halfway between two `Float`s; those, and longer numbers, go to the
/// standard library.
enum DecimalNumber {
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]

  /// The finite number `[+-]digits[.digits][e[+-]digits]` at `position`, which is then past it.
  ///
  /// - Returns: `nil`, with `position` unchanged, if there is none or it is beyond the range of `Float`.
  @inline(__always)
  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, from position: inout Int) -> Float? {
    var index = position
    var isNegative = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var (significand, digits) = (UInt64(0), 0)
    scanDigits(bytes, &index, &significand, &digits)
    var fraction = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      let before = digits
      scanDigits(bytes, &index, &significand, &digits)
      fraction = digits - before
    }
    guard digits > 0 else { return nil }

    // A small whole number is exact.
    let isPlain = index == bytes.count || bytes[index] | 0x20 != UInt8(ascii: "e")
    if isPlain, fraction == 0, digits <= 7 {
      position = index
      return isNegative ? -Float(significand) : Float(significand)
    }
    var exponent = 0
    if !isPlain {
      index += 1
      guard let written = scanExponent(bytes, &index) else { return nil }
      exponent = written
    }
    guard
      let value = product(significand, digits, exponent - fraction, isNegative)
        ?? standard(bytes[position..<index])
    else { return nil }
    position = index
    return value
  }

  @inline(__always)
  private static func scanDigits(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ significand: inout UInt64, _ digits: inout Int
  ) {
    while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
      // Wraps around only where there are too many digits for the result to be used.
      significand = significand &* 10 &+ UInt64(digit)
      digits += 1
      index += 1
    }
  }

  private static func scanExponent(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
    var isNegative = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var (exponent, digits) = (UInt64(0), 0)
    scanDigits(bytes, &index, &exponent, &digits)
    guard digits > 0 else { return nil }
    // Any exponent too large for `product` serves.
    let magnitude = digits > 9 ? 1_000_000_000 : Int(exponent)
    return isNegative ? -magnitude : magnitude
  }

  /// significand · 10^exponent, or `nil` where one rounding in `Double` could differ from one in `Float`.
  private static func product(
    _ significand: UInt64, _ digits: Int, _ exponent: Int, _ isNegative: Bool
  ) -> Float? {
    guard digits <= 15, -22...22 ~= exponent else { return nil }
    let whole = Double(significand)
    let value = exponent < 0 ? whole / powersOfTen[-exponent] : whole * powersOfTen[exponent]
    // A Double has 29 bits more than a Float.
    guard value.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else { return nil }
    return isNegative ? -Float(value) : Float(value)
  }

  private static func standard(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Float? {
    guard let value = Float(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }
}
