import LinearAlgebra
import Tensors

// Loops that the compiler turns into vector instructions: closures are inlined (a function named in their place is called for
// each element), and a choice by `?:` is a blend. They run on the calling thread. Threads share elements outside of them, by
// `inParts` and `updateParts`: a closure that a loop got from outside, and handed on to threads, would be called for each
// element.
extension UnsafeMutableBufferPointer<Float> {
  /// Calls `body` for parts of this buffer, shared among threads where it is long.
  func inParts(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    Threads.parallel(overElements: count) { body(UnsafeMutableBufferPointer(rebasing: self[$0])) }
  }

  /// Calls `body` for parts of this buffer and the same of another of its length, shared among threads where it is long.
  func inParts(
    with other: UnsafeBufferPointer<Float>,
    _ body: (UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
  ) {
    Threads.parallel(overElements: count) {
      body(UnsafeMutableBufferPointer(rebasing: self[$0]), UnsafeBufferPointer(rebasing: other[$0]))
    }
  }

  /// Replaces each x by f(x).
  @inline(__always)
  func replaceEach(_ function: (Float) -> Float) {
    for index in 0..<count { self[index] = function(self[index]) }
  }

  /// Replaces each x by f(x, y), with y from a buffer of the same length.
  @inline(__always)
  func replaceEach(by other: UnsafeBufferPointer<Float>, _ function: (Float, Float) -> Float) {
    for index in 0..<count { self[index] = function(self[index], other[index]) }
  }

  /// Replaces each x by f(x, y, c(a(y))), with a curve c that is computed for many numbers at once.
  ///
  /// The buffers may be the same.
  @inline(__always)
  func replaceEach(
    by other: UnsafeBufferPointer<Float>, _ curve: (UnsafeMutableBufferPointer<Float>) -> Void,
    of argument: (Float) -> Float, _ function: (Float, Float, Float) -> Float
  ) {
    inPieces(with: other) { start, values, _ in
      for index in 0..<values.count { values[index] = argument(other[start &+ index]) }
      curve(values)
      for index in 0..<values.count {
        self[start &+ index] = function(self[start &+ index], other[start &+ index], values[index])
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
    inPieces(with: other) { start, values, seconds in
      for index in 0..<values.count { values[index] = argument(other[start &+ index]) }
      curve(values)
      for index in 0..<seconds.count { seconds[index] = secondArgument(other[start &+ index]) }
      secondCurve(seconds)
      for index in 0..<values.count {
        self[start &+ index] = function(
          self[start &+ index], other[start &+ index], values[index], seconds[index])
      }
    }
  }

  /// Calls `body` for pieces of this buffer that stay in the nearest cache, with memory for twice as many values. Meanwhile
  /// the next piece is fetched, and the same of another buffer.
  @inline(__always)
  private func inPieces(
    with other: UnsafeBufferPointer<Float>,
    _ body: (
      _ start: Int, _ values: UnsafeMutableBufferPointer<Float>, _ seconds: UnsafeMutableBufferPointer<Float>
    ) -> Void
  ) {
    guard let here = baseAddress, let there = other.baseAddress else { return }
    let most = 256
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * most) { values in
      var start = 0
      while start < count {
        let length = Swift.min(most, count - start)
        let end = start + length
        Elementary.fetch(here + end, count: Swift.min(most, count - end))
        Elementary.fetch(there + end, count: Swift.min(most, count - end))
        body(
          start, UnsafeMutableBufferPointer(rebasing: values[..<length]),
          UnsafeMutableBufferPointer(rebasing: values[most..<most + length]))
        start = end
      }
    }
  }
}

extension Tensor {
  /// Changes the elements in place, by `body` for parts of them.
  mutating func updateParts(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    updateRanges { part, _ in body(part) }
  }

  /// Changes the elements in place, by `body` for parts of them and the same of a tensor of as many elements.
  mutating func updateParts(
    with other: Tensor, _ body: (UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
  ) {
    other.withUnsafeElements { other in
      updateRanges { part, range in body(part, UnsafeBufferPointer(rebasing: other[range])) }
    }
  }

  /// Changes the elements in place, by `body` for parts of them, whose place it is told. Where another tensor shares them, each
  /// part is changed right after it is copied, while it is in the nearest cache.
  private mutating func updateRanges(_ body: (UnsafeMutableBufferPointer<Float>, Range<Int>) -> Void) {
    guard isShared else {
      return withUnsafeMutableElements { elements in
        Threads.parallel(overElements: elements.count) {
          body(UnsafeMutableBufferPointer(rebasing: elements[$0]), $0)
        }
      }
    }
    let source = self
    self = Tensor(shape: shape) { elements in
      source.withUnsafeElements { source in
        Threads.parallel(overElements: elements.count) { range in
          for start in stride(from: range.lowerBound, to: range.upperBound, by: 4096) {
            let range = start..<Swift.min(range.upperBound, start + 4096)
            let part = UnsafeMutableBufferPointer(rebasing: elements[range])
            _ = part.initialize(from: source[range])
            body(part, range)
          }
        }
      }
    }
  }

  /// Multiplies every element in place.
  mutating func scale(by factor: Float) {
    updateParts { $0.replaceEach { $0 * factor } }
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
        for index in 0..<length { values[index] = function(self[start &+ index]) }
        sum += Double(Elementary.sum(UnsafeBufferPointer(rebasing: values[..<length])))
      }
      return sum
    }
  }
}
