/// Whether a product uses a matrix as it is stored or its transpose.
public enum Transposition: Sendable, Hashable, CaseIterable {
  /// The matrix as stored, row-major.
  case none
  /// Its transpose.
  case transposed
}

/// The narrow waist: every matrix product of the library goes through gemm, gemv and ger, every factorization through
/// ``factorizations``.
///
/// All matrices are row-major, and their *leading dimension* is the number of elements from one row to the next,
/// at least the number of columns. Where `beta` is 0 the output is written without being read, so that it may hold
/// anything, NaN included. Sizes of zero are legal. Callers guarantee that the pointers cover what the sizes say:
/// ``BLAS`` and ``Matrix`` are the checked ways in.
public protocol BLASBackend: Sendable {
  /// What tables, options and messages call it: "openblas", "swift".
  var name: String { get }

  /// C ← α · op(A) · op(B) + β · C, where op(A) is m × k, op(B) is k × n and C is m × n.
  func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int)

  /// C ← α · op(A) · op(B) + β · C, where op(A) is m × k, op(B) is k × n and C is m × n.
  func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int)

  /// y ← α · op(A) · x + β · y, where A is stored as rows × columns; x and y step by their increments (> 0).
  func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, x: UnsafePointer<Float>, incx: Int,
    beta: Float, y: UnsafeMutablePointer<Float>, incy: Int)

  /// y ← α · op(A) · x + β · y, where A is stored as rows × columns; x and y step by their increments (> 0).
  func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, x: UnsafePointer<Double>, incx: Int,
    beta: Double, y: UnsafeMutablePointer<Double>, incy: Int)

  /// A ← A + α · x · yᵀ, where A is rows × columns.
  func ger(
    rows: Int, columns: Int, alpha: Float, x: UnsafePointer<Float>, incx: Int,
    y: UnsafePointer<Float>, incy: Int, a: UnsafeMutablePointer<Float>, lda: Int)

  /// A ← A + α · x · yᵀ, where A is rows × columns.
  func ger(
    rows: Int, columns: Int, alpha: Double, x: UnsafePointer<Double>, incx: Int,
    y: UnsafePointer<Double>, incy: Int, a: UnsafeMutablePointer<Double>, lda: Int)

  /// The routines that solve and decompose; those in pure Swift unless the backend has its own.
  var factorizations: any FactorizationBackend { get }
}

extension BLASBackend {
  public var factorizations: any FactorizationBackend { SwiftFactorizations() }
}
