import CTargetFeatures

/// A function of each lane of a vector: one formula for a scalar and for a buffer.
///
/// Lanes do not influence each other, so that an element's result depends neither on its place in a buffer nor on the
/// vector's width.
protocol ElementwiseFunction {
  static func value<Vector: FloatVector>(at x: Vector) -> Vector
}

extension ElementwiseFunction {
  /// The function of one number.
  @inline(__always)
  static func scalar(_ x: Float) -> Float { value(at: SIMD4(repeating: x))[0] }

  /// Replaces every element x by the function's value there, shared among threads where there are many.
  @inline(__always)
  static func replace(_ values: UnsafeMutableBufferPointer<Float>) {
    Threads.parallel(overElements: values.count) { range in
      replaceHere(UnsafeMutableBufferPointer(rebasing: values[range]))
    }
  }

  /// The same on this thread, in the widest vectors this build may use.
  @inline(__always)
  private static func replaceHere(_ values: UnsafeMutableBufferPointer<Float>) {
    if CPUFeatures.hasAVX512 {
      replace(values, by: SIMD16<Float>.self)
    } else if CPUFeatures.hasAVX2 {
      replace(values, by: SIMD8<Float>.self)
    } else {
      replace(values, by: SIMD4<Float>.self)
    }
  }

  /// The last vector overlaps its predecessor instead of being shorter. It is computed first, from elements that are not
  /// yet replaced; the elements in both get the same bits twice.
  @inline(__always)
  private static func replace<Vector: FloatVector>(
    _ values: UnsafeMutableBufferPointer<Float>, by _: Vector.Type
  ) {
    guard let start = values.baseAddress else { return }
    let width = Vector.scalarCount
    let last = values.count &- width
    guard last >= 0 else {
      value(at: Vector(at: start, count: values.count, padding: 0)).store(to: start, count: values.count)
      return
    }
    let end = value(at: Vector(at: start + last))
    var index = 0
    while index < last {
      value(at: Vector(at: start + index)).store(to: start + index)
      index &+= width
    }
    end.store(to: start + last)
  }
}
