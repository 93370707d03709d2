/// A ← α · x · yᵀ + β · A in single precision, where A is `rows` × `columns`, row-major with leading dimension `lda`.
///
///     A[i, j] ← α · (x[i] · y[j]) + β · A[i, j]
///
/// x and y step by `incx` and `incy`, at least 1. Where `beta` is 0, A is written unread; where `alpha` is 0, x and y are
/// not read. Runs on the calling thread; an element's result does not depend on which others are computed by the same
/// call.
///
/// - Complexity: 2·rows·columns operations; A is read and written once.
public func ger(
  rows: Int, columns: Int, alpha: Float, x: UnsafePointer<Float>, incx: Int,
  y: UnsafePointer<Float>, incy: Int, beta: Float = 1, a: UnsafeMutablePointer<Float>, lda: Int
) {
  gemm(
    transposeA: false, transposeB: true, m: rows, n: columns, k: 1, alpha: alpha, a: x, lda: incx, b: y,
    ldb: incy, beta: beta, c: a, ldc: lda)
}

/// A ← α · x · yᵀ + β · A in double precision; see the function for `Float`.
public func ger(
  rows: Int, columns: Int, alpha: Double, x: UnsafePointer<Double>, incx: Int,
  y: UnsafePointer<Double>, incy: Int, beta: Double = 1, a: UnsafeMutablePointer<Double>, lda: Int
) {
  gemm(
    transposeA: false, transposeB: true, m: rows, n: columns, k: 1, alpha: alpha, a: x, lda: incx, b: y,
    ldb: incy, beta: beta, c: a, ldc: lda)
}
