import CTargetFeatures

/// A ← A + α · x · yᵀ in single precision, where A is `rows` × `columns`, row-major with leading dimension `lda`.
///
///     A[i, j] ← A[i, j] + (α · x[i]) · y[j]
///
/// x and y step by `incx` and `incy`, at least 1. Where `alpha` is 0, nothing is read or written. Runs on the calling
/// thread; an element's result does not depend on which others are computed by the same call.
///
/// - Complexity: 2·rows·columns operations; A is read and written once.
public func ger(
  rows: Int, columns: Int, alpha: Float, x: UnsafePointer<Float>, incx: Int,
  y: UnsafePointer<Float>, incy: Int, a: UnsafeMutablePointer<Float>, lda: Int
) {
  if target_has_avx512() != 0 {
    OuterProduct<SIMD16<Float>>.add(rows, columns, alpha, x, incx, y, incy, to: a, lda)
  } else if target_has_avx2() != 0 {
    OuterProduct<SIMD8<Float>>.add(rows, columns, alpha, x, incx, y, incy, to: a, lda)
  } else {
    OuterProduct<SIMD4<Float>>.add(rows, columns, alpha, x, incx, y, incy, to: a, lda)
  }
}

/// A ← A + α · x · yᵀ in double precision; see the function for `Float`.
public func ger(
  rows: Int, columns: Int, alpha: Double, x: UnsafePointer<Double>, incx: Int,
  y: UnsafePointer<Double>, incy: Int, a: UnsafeMutablePointer<Double>, lda: Int
) {
  if target_has_avx512() != 0 {
    OuterProduct<SIMD8<Double>>.add(rows, columns, alpha, x, incx, y, incy, to: a, lda)
  } else if target_has_avx2() != 0 {
    OuterProduct<SIMD4<Double>>.add(rows, columns, alpha, x, incx, y, incy, to: a, lda)
  } else {
    OuterProduct<SIMD2<Double>>.add(rows, columns, alpha, x, incx, y, incy, to: a, lda)
  }
}

/// The loops of `ger`.
enum OuterProduct<Vector: KernelVector> where Vector.Scalar: ProductScalar {
  typealias Scalar = Vector.Scalar

  static func add(
    _ rows: Int, _ columns: Int, _ alpha: Scalar, _ x: UnsafePointer<Scalar>, _ incx: Int,
    _ y: UnsafePointer<Scalar>, _ incy: Int, to a: UnsafeMutablePointer<Scalar>, _ lda: Int
  ) {
    guard rows > 0, columns > 0, alpha != 0 else { return }
    if incy == 1 {
      add(rows, columns, alpha, x, incx, y, to: a, lda)
      return
    }
    Workspace.withMemory(of: Scalar.self, count: columns) { scratch in
      for j in 0..<columns { scratch[j] = y[j &* incy] }
      add(rows, columns, alpha, x, incx, scratch, to: a, lda)
    }
  }

  @inline(__always)
  private static func add(
    _ rows: Int, _ columns: Int, _ alpha: Scalar, _ x: UnsafePointer<Scalar>, _ incx: Int,
    _ y: UnsafePointer<Scalar>, to a: UnsafeMutablePointer<Scalar>, _ lda: Int
  ) {
    for i in 0..<rows {
      let row = a + i &* lda
      let factor = alpha * x[i &* incx]
      let factors = Vector(repeating: factor)
      var j = 0
      while j &+ Vector.scalarCount <= columns {
        Vector(at: row + j).plus(factors, times: Vector(at: y + j)).store(to: row + j)
        j &+= Vector.scalarCount
      }
      while j < columns {
        row[j] = multiplyAdd(row[j], factor, y[j])
        j &+= 1
      }
    }
  }
}
