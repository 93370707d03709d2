/// The backend in force, and the matrix products of the library on it.
///
/// The backend is chosen task by task, so that one process can hold both:
///
///     try BLAS.$backend.withValue(SwiftBackend()) { try model(images) }
///
/// The functions here send a product to the routine that is fastest for its shape: a matrix times a vector is 3.5 to
/// 6 times slower through gemm than through gemv, so `m` = 1 and `n` = 1 become gemv, and `k` = 1 with `beta` 0 or 1
/// becomes ger.
public enum BLAS {
  /// The backend of the current task; unless one was chosen, the first of ``available``.
  @TaskLocal public static var backend: any BLASBackend = available[0]

  /// All backends of this build, the default one first: OpenBLAS where the package was built with its trait, unless
  /// that library does not know this processor and falls back to routines without the instructions this build uses.
  public static let available: [any BLASBackend] = {
    #if OpenBLAS
      OpenBLASBackend.isBehindThisBuild
        ? [SwiftBackend(), OpenBLASBackend()] : [OpenBLASBackend(), SwiftBackend()]
    #else
      [SwiftBackend()]
    #endif
  }()

  /// The backend called `name`, or `nil` if this build has none of that name.
  public static func backend(named name: String) -> (any BLASBackend)? {
    available.first { $0.name == name }
  }

  /// C ← α · op(A) · op(B) + β · C on the backend in force.
  ///
  /// All matrices are row-major: op(A) is m × k, op(B) is k × n and C is m × n. Sizes of zero are legal; with k = 0
  /// the product is zero, and C becomes β · C.
  ///
  /// `transposeA` says whether op(A) is the matrix stored at `a` or its transpose; `lda` counts the elements from
  /// one row of A, as stored, to the next; likewise for B and C. Where `beta` is 0, C is written without being read.
  /// Callers guarantee that the pointers cover what the sizes say; ``Matrix`` is the checked way in.
  ///
  /// - Complexity: 2·m·n·k operations.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func gemm<Scalar: BLASScalar>(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int, alpha: Scalar = 1,
    a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
    beta: Scalar = 0, c: UnsafeMutablePointer<Scalar>, ldc: Int
  ) {
    guard m > 0, n > 0 else { return }
    let products = Scalar.products(of: backend)
    if k == 0 {
      scale(c, by: beta, rows: m, columns: n, ldc)
    } else if m == 1 {
      // cᵀ = op(B)ᵀ · aᵀ
      let (rows, columns) = transposeB == .none ? (k, n) : (n, k)
      products.gemv(
        transposeB.flipped, rows: rows, columns: columns, alpha: alpha, a: b, lda: ldb,
        x: a, incx: transposeA == .none ? 1 : lda, beta: beta, y: c, incy: 1)
    } else if n == 1 {
      // c = op(A) · b
      let (rows, columns) = transposeA == .none ? (m, k) : (k, m)
      products.gemv(
        transposeA, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda,
        x: b, incx: transposeB == .none ? ldb : 1, beta: beta, y: c, incy: ldc)
    } else if k == 1, beta == 0 || beta == 1 {
      products.ger(
        rows: m, columns: n, alpha: alpha, x: a, incx: transposeA == .none ? lda : 1,
        y: b, incy: transposeB == .none ? 1 : ldb, beta: beta, a: c, lda: ldc)
    } else {
      products.gemm(
        transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb,
        beta: beta, c: c, ldc: ldc)
    }
  }

  /// C ← β · C; for β = 0 without reading C.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func scale<Scalar: BLASScalar>(
    _ c: UnsafeMutablePointer<Scalar>, by beta: Scalar, rows: Int, columns: Int, _ ldc: Int
  ) {
    if beta == 1 { return }
    for row in 0..<rows {
      let start = c + row * ldc
      if beta == 0 {
        start.update(repeating: 0, count: columns)
      } else {
        for column in 0..<columns { start[column] *= beta }
      }
    }
  }
}

extension Transposition {
  var flipped: Transposition { self == .none ? .transposed : .none }
}
