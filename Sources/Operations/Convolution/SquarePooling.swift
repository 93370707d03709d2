// The commonest pooling, windows of 2 × 2 side by side, eight windows at a time: each element lies in one window, so that a
// row of an image is read, and its error terms written, once.

extension PoolingGeometry {
  /// Whether the windows are 2 × 2, side by side and without padding; what is left over at an edge lies in none.
  var isOfSquares: Bool {
    [height, width].allSatisfy { axis in
      axis.kernel == 2 && axis.stride == 2 && axis.dilation == 1 && axis.before == 0
        && 2 * axis.count <= axis.size
    }
  }

  /// The greatest element of each square; a NaN is greater than all.
  func maximaOfSquares(
    of input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>
  ) {
    forEachRowOfSquares { place, target in
      let (above, below) = (input + place, input + (place + width.size))
      let maxima = output + target
      forEachRunOfSquares { window, lanes in
        let (a, b) = lanes.pairs(above + 2 * window)
        let (c, d) = lanes.pairs(below + 2 * window)
        lanes.store(greater(d, greater(c, greater(b, a))), to: maxima + window)
      }
    }
  }

  /// Puts each window's error term to the first of its elements that is not less than its greatest, and 0 to the others.
  ///
  /// - Parameter beta: 1 to add to what is there, 0 to write over it.
  func errorsOfSquares(
    _ errors: UnsafePointer<Float>, input: UnsafePointer<Float>, maxima: UnsafePointer<Float>,
    into terms: UnsafeMutablePointer<Float>, beta: Float
  ) {
    if beta == 0, 2 * height.count < height.size || 2 * width.count < width.size {
      terms.update(repeating: 0, count: planes * inputPlane)
    }
    forEachRowOfSquares { place, target in
      let (above, below) = (input + place, input + (place + width.size))
      let (termsAbove, termsBelow) = (terms + place, terms + (place + width.size))
      forEachRunOfSquares { window, lanes in
        let greatest = lanes.load(maxima + (target + window))
        var rest = lanes.load(errors + (target + window))
        func taken(_ values: SIMD8<Float>) -> SIMD8<Float> {
          let isLess = values .< greatest
          let flow = rest.replacing(with: 0, where: isLess)
          rest = rest.replacing(with: 0, where: .!isLess)
          return flow
        }
        let (a, b) = lanes.pairs(above + 2 * window)
        let (c, d) = lanes.pairs(below + 2 * window)
        lanes.storePairs(taken(a), taken(b), to: termsAbove + 2 * window, adding: beta != 0)
        lanes.storePairs(taken(c), taken(d), to: termsBelow + 2 * window, adding: beta != 0)
      }
    }
  }

  /// Calls `body` for each row of windows with the place of its first element in the input and in the output.
  @inline(__always)
  private func forEachRowOfSquares(_ body: (_ place: Int, _ target: Int) -> Void) {
    forEachPlane { source, target in
      for row in 0..<height.count { body(source + 2 * row * width.size, target + row * width.count) }
    }
  }

  /// Calls `body` for the windows of a row: eight at a time, and the last few by themselves.
  @inline(__always)
  private func forEachRunOfSquares(_ body: (_ window: Int, _ lanes: SquareLanes) -> Void) {
    var window = 0
    while window + 8 <= width.count {
      body(window, SquareLanes(count: 8))
      window += 8
    }
    if window < width.count { body(window, SquareLanes(count: width.count - window)) }
  }
}

/// The greater of each two; the first where either is NaN and it is it.
@inline(__always)
private func greater(_ x: SIMD8<Float>, _ y: SIMD8<Float>) -> SIMD8<Float> {
  y.replacing(with: x, where: (x .> y) .| (x .!= x))
}

/// Access to eight windows, or to the few that are left.
private struct SquareLanes {
  let count: Int

  @inline(__always)
  func load(_ source: UnsafePointer<Float>) -> SIMD8<Float> {
    if count == 8 { return UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self) }
    var values = SIMD8<Float>()
    for lane in 0..<count { values[lane] = source[lane] }
    return values
  }

  @inline(__always)
  func store(_ values: SIMD8<Float>, to target: UnsafeMutablePointer<Float>) {
    if count == 8 { return UnsafeMutableRawPointer(target).storeBytes(of: values, as: SIMD8<Float>.self) }
    for lane in 0..<count { target[lane] = values[lane] }
  }

  /// The left and the right elements of windows of two.
  @inline(__always)
  func pairs(_ source: UnsafePointer<Float>) -> (left: SIMD8<Float>, right: SIMD8<Float>) {
    if count == 8 {
      let both = UnsafeRawPointer(source).loadUnaligned(as: SIMD16<Float>.self)
      return (both.evenHalf, both.oddHalf)
    }
    var (left, right) = (SIMD8<Float>(), SIMD8<Float>())
    for lane in 0..<count { (left[lane], right[lane]) = (source[2 * lane], source[2 * lane + 1]) }
    return (left, right)
  }

  @inline(__always)
  func storePairs(
    _ left: SIMD8<Float>, _ right: SIMD8<Float>, to target: UnsafeMutablePointer<Float>, adding: Bool
  ) {
    if count == 8 {
      var both = SIMD16<Float>()
      (both.evenHalf, both.oddHalf) = (left, right)
      if adding { both += UnsafeRawPointer(target).loadUnaligned(as: SIMD16<Float>.self) }
      return UnsafeMutableRawPointer(target).storeBytes(of: both, as: SIMD16<Float>.self)
    }
    for lane in 0..<count {
      target[2 * lane] = left[lane] + (adding ? target[2 * lane] : 0)
      target[2 * lane + 1] = right[lane] + (adding ? target[2 * lane + 1] : 0)
    }
  }
}
