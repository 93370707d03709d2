import CTargetFeatures

extension Elementary {
  /// √x, the float next to it; −0 for −0, NaN below.
  public static func squareRoot(_ x: Float) -> Float { square_root(x) }

  /// Replaces each x by its square root.
  public static func squareRoot(_ values: UnsafeMutableBufferPointer<Float>) {
    Threads.parallel(overElements: values.count) { range in
      for index in range { values[index] = square_root(values[index]) }
    }
  }
}
