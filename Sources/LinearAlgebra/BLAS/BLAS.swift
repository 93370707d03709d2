/// The backend in force, and the matrix products of the library on it.
///
/// The backend is chosen task by task, so that one process can hold both:
///
///     try BLAS.$backend.withValue(SwiftBackend()) { try model(images) }
///
/// The functions here send a product to the routine that is fastest for its shape: a matrix times a vector is 3.5 to
/// 6 times slower through gemm than through gemv, so `m` = 1 and `n` = 1 become gemv, and `k` = 1 into a fresh
/// output becomes ger.
public enum BLAS {
  /// The backend of the current task: OpenBLAS where the package was built with its trait, else pure Swift.
  @TaskLocal public static var backend: any BLASBackend = available[0]

  /// All backends of this build, the default one first.
  public static let available: [any BLASBackend] = {
    #if OpenBLAS
      [OpenBLASBackend(), SwiftBackend()]
    #else
      [SwiftBackend()]
    #endif
  }()

  /// The backend called `name`, or `nil` if this build has none of that name.
  public static func backend(named name: String) -> (any BLASBackend)? {
    available.first { $0.name == name }
  }

  /// C ← op(A) · op(B) + β · C on the backend in force; op(A) is m × k, op(B) is k × n, C is m × n, all row-major.
  ///
  /// - Parameters:
  ///   - lda: elements from one row of A, as stored, to the next; likewise `ldb` and `ldc`.
  ///   - beta: 0 writes C without reading it.
  public static func gemm<Scalar: BLASScalar>(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int, alpha: Scalar = 1,
    a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
    beta: Scalar = 0, c: UnsafeMutablePointer<Scalar>, ldc: Int
  ) {
    let backend = backend
    if m == 1 {
      // cᵀ = op(B)ᵀ · aᵀ
      Scalar.gemv(
        on: backend, transposeB.flipped, rows: transposeB == .none ? k : n, columns: transposeB == .none ? n : k,
        alpha, b, ldb, a, transposeA == .none ? 1 : lda, beta, c, 1)
    } else if n == 1 {
      // c = op(A) · b
      Scalar.gemv(
        on: backend, transposeA, rows: transposeA == .none ? m : k, columns: transposeA == .none ? k : m,
        alpha, a, lda, b, transposeB == .none ? ldb : 1, beta, c, ldc)
    } else if k == 1, beta == 0 || beta == 1 {
      if beta == 0 {
        for row in 0..<m { (c + row * ldc).update(repeating: 0, count: n) }
      }
      Scalar.ger(
        on: backend, rows: m, columns: n, alpha, a, transposeA == .none ? lda : 1,
        b, transposeB == .none ? 1 : ldb, c, ldc)
    } else {
      Scalar.gemm(on: backend, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
    }
  }
}

extension Transposition {
  var flipped: Transposition { self == .none ? .transposed : .none }
}
