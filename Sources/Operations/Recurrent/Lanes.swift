/// Up to sixteen consecutive elements of vectors of one length, for loops over several such vectors at once.
struct Lanes {
  let start: Int
  /// 16, or fewer at the end of the vectors.
  let count: Int

  /// The elements of one vector; zeros fill up what is past its end.
  @inline(__always)
  func callAsFunction(_ vector: UnsafePointer<Float>) -> SIMD16<Float> {
    let source = UnsafeRawPointer(vector + start)
    guard count < 16 else { return source.loadUnaligned(as: SIMD16<Float>.self) }
    var lanes = SIMD16<Float>()
    withUnsafeMutableBytes(of: &lanes) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: 4 * count))
    }
    return lanes
  }

  /// Writes the elements of one vector.
  @inline(__always)
  func store(_ lanes: SIMD16<Float>, to vector: UnsafeMutablePointer<Float>) {
    let target = UnsafeMutableRawPointer(vector + start)
    guard count < 16 else { return target.storeBytes(of: lanes, as: SIMD16<Float>.self) }
    withUnsafeBytes(of: lanes) {
      if let source = $0.baseAddress { target.copyMemory(from: source, byteCount: 4 * count) }
    }
  }

  /// Calls `body` for all lanes of vectors of `count` elements, first to last.
  @inline(__always)
  static func forEach(_ count: Int, _ body: (Lanes) -> Void) {
    var start = 0
    while start &+ 16 <= count {
      body(Lanes(start: start, count: 16))
      start &+= 16
    }
    if start < count { body(Lanes(start: start, count: count &- start)) }
  }
}
