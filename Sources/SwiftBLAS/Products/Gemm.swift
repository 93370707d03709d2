/// C ← α · op(A) · op(B) + β · C in single precision.
///
///     C[i, j] ← α · Σₚ op(A)[i, p] · op(B)[p, j] + β · C[i, j]
///
/// All matrices are row-major. Where `beta` is 0, C is written unread; where `alpha` is 0 or k is 0, A and B are not
/// read. Sizes of zero are legal. Runs on the calling thread, and may be called from any number of them.
///
/// Every element is computed by the same operations in the same order wherever it stands: a product of some rows of
/// op(A), or of some columns of op(B), equals those rows or columns of the whole product bit for bit.
///
/// - Parameters:
///   - transposeA: Whether op(A), m × k, is the transpose of the matrix stored at `a`.
///   - transposeB: Whether op(B), k × n, is the transpose of the matrix stored at `b`.
///   - m: Rows of C.
///   - n: Columns of C.
///   - k: Columns of op(A) and rows of op(B).
///   - alpha: α.
///   - a: A.
///   - lda: Elements from one stored row of A to the next, at least its columns.
///   - b: B.
///   - ldb: Elements from one stored row of B to the next, at least its columns.
///   - beta: β.
///   - c: C.
///   - ldc: Elements from one row of C to the next, at least `n`.
/// - Complexity: 2·m·n·k operations. For m or n of 1, `gemv` is faster: it need not keep to the order above.
public func gemm(
  transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
  alpha: Float, a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
  beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
) {
  let product = Product(
    m: m, n: n, k: k, alpha: alpha, a: StridedMatrix(a, step: lda, transposed: transposeA),
    b: StridedMatrix(b, step: ldb, transposed: transposeB), beta: beta, c: c, ldc: ldc)
  #if arch(arm64)
    BlockedProduct<SIMD4<Float>, 12, 2>.multiply(product)
  #else
    if TargetFeatures.hasAVX512, n == 24, m &* k <= 1024 {
      // One and a half vectors: three halves, of the same bits, need no panel and no tile padded to two.
      BlockedProduct<SIMD8<Float>, 8, 3>.multiply(product)
    } else if TargetFeatures.hasAVX512 {
      BlockedProduct<SIMD16<Float>, 12, 2>.multiply(product)
    } else if TargetFeatures.hasAVX2 {
      BlockedProduct<SIMD8<Float>, 6, 2>.multiply(product)
    } else {
      BlockedProduct<SIMD4<Float>, 4, 2>.multiply(product)
    }
  #endif
}

/// C ← α · op(A) · op(B) + β · C in double precision; see the function for `Float`.
public func gemm(
  transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
  alpha: Double, a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
  beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
) {
  let product = Product(
    m: m, n: n, k: k, alpha: alpha, a: StridedMatrix(a, step: lda, transposed: transposeA),
    b: StridedMatrix(b, step: ldb, transposed: transposeB), beta: beta, c: c, ldc: ldc)
  #if arch(arm64)
    BlockedProduct<SIMD2<Double>, 12, 2>.multiply(product)
  #else
    if TargetFeatures.hasAVX512, n == 12, m &* k <= 1024 {
      // One and a half vectors: three halves, of the same bits, need no panel and no tile padded to two.
      BlockedProduct<SIMD4<Double>, 8, 3>.multiply(product)
    } else if TargetFeatures.hasAVX512 {
      BlockedProduct<SIMD8<Double>, 12, 2>.multiply(product)
    } else if TargetFeatures.hasAVX2 {
      BlockedProduct<SIMD4<Double>, 6, 2>.multiply(product)
    } else {
      BlockedProduct<SIMD2<Double>, 4, 2>.multiply(product)
    }
  #endif
}
