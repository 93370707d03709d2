/// y ← α · op(A) · x + β · y in single precision, where A is stored as `rows` × `columns`.
///
///     y[i] ← α · Σⱼ A[i, j] · x[j] + β · y[i]       as stored
///     y[j] ← α · Σᵢ A[i, j] · x[i] + β · y[j]       transposed
///
/// A is row-major with leading dimension `lda`; x and y step by `incx` and `incy`, at least 1. Where `beta` is 0, y is
/// written unread; where `alpha` is 0, A and x are not read. Sizes of zero are legal. Runs on the calling thread.
///
/// An element of y is computed by the same operations in the same order whichever other elements are asked for: the
/// rows of A as stored, or its columns where it is transposed, can be shared among calls without changing a bit.
///
/// - Complexity: 2·rows·columns operations; A is read once.
public func gemv(
  transposed: Bool, rows: Int, columns: Int,
  alpha: Float, a: UnsafePointer<Float>, lda: Int, x: UnsafePointer<Float>, incx: Int,
  beta: Float, y: UnsafeMutablePointer<Float>, incy: Int
) {
  #if arch(arm64)
    let kernel = MatrixVectorProduct<SIMD4<Float>>.self
    kernel.multiply(transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
  #else
    if TargetFeatures.hasAVX512 {
      MatrixVectorProduct<SIMD16<Float>>.multiply(
        transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
    } else if TargetFeatures.hasAVX2 {
      MatrixVectorProduct<SIMD8<Float>>.multiply(
        transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
    } else {
      MatrixVectorProduct<SIMD4<Float>>.multiply(
        transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
    }
  #endif
}

/// y ← α · op(A) · x + β · y in double precision; see the function for `Float`.
public func gemv(
  transposed: Bool, rows: Int, columns: Int,
  alpha: Double, a: UnsafePointer<Double>, lda: Int, x: UnsafePointer<Double>, incx: Int,
  beta: Double, y: UnsafeMutablePointer<Double>, incy: Int
) {
  #if arch(arm64)
    let kernel = MatrixVectorProduct<SIMD2<Double>>.self
    kernel.multiply(transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
  #else
    if TargetFeatures.hasAVX512 {
      MatrixVectorProduct<SIMD8<Double>>.multiply(
        transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
    } else if TargetFeatures.hasAVX2 {
      MatrixVectorProduct<SIMD4<Double>>.multiply(
        transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
    } else {
      MatrixVectorProduct<SIMD2<Double>>.multiply(
        transposed, rows, columns, alpha, a, lda, x, incx, beta, y, incy)
    }
  #endif
}
