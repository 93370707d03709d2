// The commonest pooling, windows of 2 × 2 side by side, several windows at a time: each element lies in one window, so that a
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
      ShortRun.forEach(of: width.count, mayOverlap: true) { window, run in
        let (a, b) = run.pairs(above + 2 * window)
        let (c, d) = run.pairs(below + 2 * window)
        run.store(greater(d, greater(c, greater(b, a))), to: maxima + window)
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
      ShortRun.forEach(of: width.count, mayOverlap: beta == 0) { window, run in
        let greatest = run.load(maxima + (target + window))
        var rest = run.load(errors + (target + window)).bits
        @inline(__always)
        func taken(_ values: SIMD8<Float>) -> SIMD8<Float> {
          let isLess = (values .< greatest).bits
          let flow = rest & ~isLess
          rest &= isLess
          return SIMD8(bits: flow)
        }
        let (a, b) = run.pairs(above + 2 * window)
        let (c, d) = run.pairs(below + 2 * window)
        run.storePairs(taken(a), taken(b), to: termsAbove + 2 * window, adding: beta != 0)
        run.storePairs(taken(c), taken(d), to: termsBelow + 2 * window, adding: beta != 0)
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
}

/// The greater of each two; the first where either is NaN and it is it.
@inline(__always)
private func greater(_ x: SIMD8<Float>, _ y: SIMD8<Float>) -> SIMD8<Float> {
  let isFirst = (x .> y).bits | (x .!= x).bits
  return SIMD8(bits: x.bits & isFirst | y.bits & ~isFirst)
}

// Choices by bits, since the standard library's for masks are loops over run.
extension SIMD8<Float> {
  @inline(__always)
  fileprivate var bits: SIMD8<Int32> { unsafeBitCast(self, to: SIMD8<Int32>.self) }

  @inline(__always)
  fileprivate init(bits: SIMD8<Int32>) { self = unsafeBitCast(bits, to: Self.self) }
}

extension SIMDMask<SIMD8<Int32>> {
  /// All bits of a lane that is true, none of one that is not.
  @inline(__always)
  fileprivate var bits: SIMD8<Int32> { unsafeBitCast(self, to: SIMD8<Int32>.self) }
}
