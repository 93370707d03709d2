/// Some neighbouring places of a line: eight, four, or the few that are left. A line of an image is too short for the vectors
/// that a compiler makes of a loop.
struct ShortRun {
  let count: Int

  /// Calls `body` for runs that cover `0..<length`, with the first place of each. If they may overlap, the last places are a
  /// run that begins among those before; otherwise they are what is left.
  @inline(__always)
  static func forEach(of length: Int, mayOverlap: Bool, _ body: (_ first: Int, _ run: ShortRun) -> Void) {
    let most = length < 8 ? 4 : 8
    var first = 0
    while first + most <= length {
      body(first, ShortRun(count: most))
      first += most
    }
    guard first < length else { return }
    if mayOverlap, length >= most {
      body(length - most, ShortRun(count: most))
    } else {
      body(first, ShortRun(count: length - first))
    }
  }

  @inline(__always)
  func load(_ source: UnsafePointer<Float>) -> SIMD8<Float> {
    let source = UnsafeRawPointer(source)
    if count == 8 { return source.loadUnaligned(as: SIMD8<Float>.self) }
    if count == 4 { return SIMD8(lowHalf: source.loadUnaligned(as: SIMD4<Float>.self), highHalf: SIMD4()) }
    var values = SIMD8<Float>()
    for lane in 0..<count { values[lane] = source.loadUnaligned(fromByteOffset: 4 * lane, as: Float.self) }
    return values
  }

  @inline(__always)
  func store(_ values: SIMD8<Float>, to target: UnsafeMutablePointer<Float>) {
    let bytes = UnsafeMutableRawPointer(target)
    if count == 8 { return bytes.storeBytes(of: values, as: SIMD8<Float>.self) }
    if count == 4 { return bytes.storeBytes(of: values.lowHalf, as: SIMD4<Float>.self) }
    for lane in 0..<count { target[lane] = values[lane] }
  }

  /// The first and the second of each of so many pairs.
  @inline(__always)
  func pairs(_ source: UnsafePointer<Float>) -> (first: SIMD8<Float>, second: SIMD8<Float>) {
    let bytes = UnsafeRawPointer(source)
    if count == 8 {
      let both = bytes.loadUnaligned(as: SIMD16<Float>.self)
      return (both.evenHalf, both.oddHalf)
    }
    if count == 4 {
      let both = bytes.loadUnaligned(as: SIMD8<Float>.self)
      return (
        SIMD8(lowHalf: both.evenHalf, highHalf: SIMD4()), SIMD8(lowHalf: both.oddHalf, highHalf: SIMD4())
      )
    }
    var (first, second) = (SIMD8<Float>(), SIMD8<Float>())
    for lane in 0..<count { (first[lane], second[lane]) = (source[2 * lane], source[2 * lane + 1]) }
    return (first, second)
  }

  @inline(__always)
  func storePairs(
    _ first: SIMD8<Float>, _ second: SIMD8<Float>, to target: UnsafeMutablePointer<Float>, adding: Bool
  ) {
    let bytes = UnsafeMutableRawPointer(target)
    if count == 8 {
      var both = SIMD16<Float>()
      (both.evenHalf, both.oddHalf) = (first, second)
      if adding { both += bytes.loadUnaligned(as: SIMD16<Float>.self) }
      return bytes.storeBytes(of: both, as: SIMD16<Float>.self)
    }
    if count == 4 {
      var both = SIMD8<Float>()
      (both.evenHalf, both.oddHalf) = (first.lowHalf, second.lowHalf)
      if adding { both += bytes.loadUnaligned(as: SIMD8<Float>.self) }
      return bytes.storeBytes(of: both, as: SIMD8<Float>.self)
    }
    for lane in 0..<count {
      target[2 * lane] = first[lane] + (adding ? target[2 * lane] : 0)
      target[2 * lane + 1] = second[lane] + (adding ? target[2 * lane + 1] : 0)
    }
  }
}
