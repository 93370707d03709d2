extension Elementary {
  /// The largest element; NaN if one is NaN, −∞ if there is none.
  public static func maximum(_ values: UnsafeBufferPointer<Float>) -> Float {
    guard let start = values.baseAddress else { return -.infinity }
    var largest = SIMD16<Float>(repeating: -.infinity)
    var isNaN = largest .!= largest
    var index = 0
    func take(_ x: SIMD16<Float>) {
      isNaN .|= x .!= x
      largest.replace(with: x, where: x .> largest)
    }
    while index &+ 16 <= values.count {
      take(SIMD16(at: start + index))
      index &+= 16
    }
    if index < values.count {
      take(SIMD16(at: start + index, count: values.count &- index, padding: -.infinity))
    }
    return any(isNaN) ? .nan : largest.max()
  }
}
