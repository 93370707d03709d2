/// C ← α · op(A) · op(B) + β · C by the definition: the oracle the fast products are tested against.
///
///     C[i, j] ← α · Σₚ op(A)[i, p] · op(B)[p, j] + β · C[i, j]
///
/// Sums are taken in the order of p, in the precision of the operands. Where `beta` is 0, C is written unread; where
/// `alpha` is 0, A and B are not read.
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
public func naiveGemm<Scalar: BinaryFloatingPoint>(
  transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
  alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
  beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int
) {
  for i in 0..<m {
    for j in 0..<n {
      var sum: Scalar = 0
      if alpha != 0 {
        for p in 0..<k {
          sum +=
            (transposeA ? a[p * lda + i] : a[i * lda + p]) * (transposeB ? b[j * ldb + p] : b[p * ldb + j])
        }
      }
      c[i * ldc + j] = beta == 0 ? alpha * sum : alpha * sum + beta * c[i * ldc + j]
    }
  }
}
