/// Copies into the order in which the micro-kernel reads: depth by depth, the elements of one panel side by side.
enum Packing<Scalar: ProductScalar> {
  typealias Quad = SIMD4<Scalar>

  /// Packs `count` lines of `depth` elements each: element p of line i goes to `target[p · width + i]`.
  ///
  /// - Parameters:
  ///   - source: Element 0 of line 0.
  ///   - count: How many lines there are.
  ///   - lineStep: From one line to the next, in the source.
  ///   - depth: Elements of a line.
  ///   - depthStep: From one element of a line to the next; this or `lineStep` is 1.
  ///   - target: Room for `depth · width` elements.
  ///   - width: From one depth to the next in the target; the places from `count` to `width` become zero.
  @inline(__always)
  static func pack(
    _ source: UnsafePointer<Scalar>, count: Int, lineStep: Int, depth: Int, depthStep: Int,
    to target: UnsafeMutablePointer<Scalar>, width: Int
  ) {
    if count < width { clear(from: count, to: width, rows: depth, target) }
    if lineStep == 1 {
      copyRows(source, step: depthStep, rows: depth, count: count, to: target, step: width)
    } else {
      transpose(source, count: count, lineStep: lineStep, depth: depth, to: target, width: width)
    }
  }

  /// Zeroes the places from `count` to `width` of each row of that width.
  @inline(__always)
  private static func clear(
    from count: Int, to width: Int, rows: Int, _ target: UnsafeMutablePointer<Scalar>
  ) {
    var target = target
    for _ in 0..<rows {
      var end = width
      while end &- count >= 4 {
        end &-= 4
        Quad().store(to: target + end)
      }
      while end > count {
        end &-= 1
        target[end] = 0
      }
      target += width
    }
  }

  /// Copies `rows` rows of `count` elements.
  @inline(__always)
  static func copyRows(
    _ source: UnsafePointer<Scalar>, step: Int, rows: Int, count: Int,
    to target: UnsafeMutablePointer<Scalar>, step targetStep: Int
  ) {
    var source = source
    var target = target
    if count < 4 {
      for _ in 0..<rows {
        for i in 0..<count { target[i] = source[i] }
        source += step
        target += targetStep
      }
      return
    }
    let last = count &- 4
    for _ in 0..<rows {
      var i = 0
      while i < last {
        Quad(at: source + i).store(to: target + i)
        i &+= 4
      }
      // The last four may overlap those before: a copy may be made twice.
      Quad(at: source + last).store(to: target + last)
      source += step
      target += targetStep
    }
  }
}
