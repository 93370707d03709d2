import LinearAlgebra

// Loops that the compiler turns into vector instructions: closures are inlined (a function named in their place is called for
// each element), and a choice by `?:` is a blend. Long ones are shared among threads.
extension UnsafeMutableBufferPointer<Float> {
  /// Replaces each x by f(x).
  @inline(__always)
  func replaceEach(_ function: (Float) -> Float) {
    Threads.parallel(overElements: count) { range in
      for index in range { self[index] = function(self[index]) }
    }
  }

  /// Replaces each x by f(x, y), with y from a buffer of the same length.
  @inline(__always)
  func replaceEach(by other: UnsafeBufferPointer<Float>, _ function: (Float, Float) -> Float) {
    Threads.parallel(overElements: count) { range in
      for index in range { self[index] = function(self[index], other[index]) }
    }
  }

  /// Replaces each x by f(x, y, c(a(y))), with a curve c that is computed for many numbers at once.
  ///
  /// The buffers may be the same.
  @inline(__always)
  func replaceEach(
    by other: UnsafeBufferPointer<Float>, _ curve: (UnsafeMutableBufferPointer<Float>) -> Void,
    of argument: (Float) -> Float, _ function: (Float, Float, Float) -> Float
  ) {
    inPieces { start, values in
      for index in 0..<values.count { values[index] = argument(other[start + index]) }
      curve(values)
      for index in 0..<values.count {
        self[start + index] = function(self[start + index], other[start + index], values[index])
      }
    }
  }

  /// Replaces each x by f(x, y, c(a(y)), d(b(y))), with two curves.
  @inline(__always)
  func replaceEach(
    by other: UnsafeBufferPointer<Float>,
    _ curve: (UnsafeMutableBufferPointer<Float>) -> Void, of argument: (Float) -> Float,
    _ secondCurve: (UnsafeMutableBufferPointer<Float>) -> Void, of secondArgument: (Float) -> Float,
    _ function: (Float, Float, Float, Float) -> Float
  ) {
    inPieces { start, values in
      for index in 0..<values.count { values[index] = argument(other[start + index]) }
      curve(values)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: values.count) { seconds in
        for index in 0..<values.count { seconds[index] = secondArgument(other[start + index]) }
        secondCurve(seconds)
        for index in 0..<values.count {
          self[start + index] = function(
            self[start + index], other[start + index], values[index], seconds[index])
        }
      }
    }
  }

  /// Calls `body` for pieces of this buffer that stay in the nearest cache, with memory for as many values.
  @inline(__always)
  private func inPieces(_ body: (_ start: Int, _ values: UnsafeMutableBufferPointer<Float>) -> Void) {
    let most = 1024
    Threads.parallel(overElements: count) { range in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: most) { values in
        var start = range.lowerBound
        while start < range.upperBound {
          let length = Swift.min(most, range.upperBound - start)
          body(start, UnsafeMutableBufferPointer(rebasing: values[..<length]))
          start += length
        }
      }
    }
  }
}

extension Float {
  /// The larger of x and the bound; NaN stays.
  @inline(__always)
  func atLeast(_ bound: Float) -> Float { self < bound ? bound : self }

  /// The smaller of x and the bound; NaN stays.
  @inline(__always)
  func atMost(_ bound: Float) -> Float { self > bound ? bound : self }
}

extension UnsafeBufferPointer<Float> {
  /// Σ f(x), in pieces whose sums are added in double precision.
  @inline(__always)
  func sum(_ function: (Float) -> Float) -> Double {
    let most = 1024
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: most) { values in
      var sum = 0.0
      for start in stride(from: 0, to: count, by: most) {
        let length = Swift.min(most, count - start)
        for index in 0..<length { values[index] = function(self[start + index]) }
        sum += Double(Elementary.sum(UnsafeBufferPointer(rebasing: values[..<length])))
      }
      return sum
    }
  }
}
