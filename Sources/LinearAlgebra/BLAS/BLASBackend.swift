/// Whether a product uses a matrix as it is stored or its transpose.
public enum Transposition: Sendable, Hashable, CaseIterable {
  /// The matrix as stored, row-major.
  case none
  /// Its transpose.
  case transposed
}

/// The narrow waist: every matrix product and every factorization of the library goes through a backend.
///
/// ``BLAS`` and ``Matrix`` are the ways in; ``BLAS/backend`` says which backend they use.
public protocol BLASBackend: Sendable {
  /// What tables, options and messages call it: "openblas", "swift".
  var name: String { get }

  /// The products for `Float`.
  var single: any ProductRoutines<Float> { get }
  /// The products for `Double`.
  var double: any ProductRoutines<Double> { get }

  /// The routines that solve and decompose; those in pure Swift unless the backend has its own.
  var factorizations: any FactorizationBackend { get }
}

extension BLASBackend {
  /// The factorizations in pure Swift.
  public var factorizations: any FactorizationBackend { SwiftFactorizations() }
}

/// The products of one precision, over pointers.
///
/// All matrices are row-major, and their *leading dimension* is the number of elements from one row to the next,
/// at least the number of columns. Where `beta` is 0 the output is written without being read, so that it may hold
/// anything, NaN included. No size is zero: ``BLAS`` answers for those. Callers guarantee that the pointers cover what
/// the sizes say.
public protocol ProductRoutines<Scalar>: Sendable {
  /// The type of the elements.
  associatedtype Scalar: BLASScalar

  /// C ← α · op(A) · op(B) + β · C, where op(A) is m × k, op(B) is k × n and C is m × n.
  func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int)

  /// y ← α · op(A) · x + β · y, where A is stored as rows × columns; x and y step by their increments (> 0).
  func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, x: UnsafePointer<Scalar>, incx: Int,
    beta: Scalar, y: UnsafeMutablePointer<Scalar>, incy: Int)

  /// A ← α · x · yᵀ + β · A, where A is rows × columns; x and y step by their increments (> 0).
  func ger(
    rows: Int, columns: Int, alpha: Scalar, x: UnsafePointer<Scalar>, incx: Int,
    y: UnsafePointer<Scalar>, incy: Int, beta: Scalar, a: UnsafeMutablePointer<Scalar>, lda: Int)
}

/// The products of a backend that can put a matrix in order once for many products with it, as a recurrent layer has one at
/// every step.
public protocol PackingRoutines<Scalar>: ProductRoutines {
  /// The elements that op(B), k × n, takes in this order.
  func packedCount(k: Int, n: Int) -> Int

  /// Writes op(B), k × n, in this order to `target`, room for ``packedCount(k:n:)`` elements.
  func pack(
    _ transposeB: Transposition, k: Int, n: Int, b: UnsafePointer<Scalar>, ldb: Int,
    to target: UnsafeMutablePointer<Scalar>)

  /// C ← A · op(B) + β · C, with the same result as that of the other gemm.
  ///
  /// - Parameter next: Memory that is read or written after the product, and may be fetched into a cache meanwhile.
  func gemm(
    m: Int, n: Int, k: Int, a: UnsafePointer<Scalar>, lda: Int, packedB: UnsafePointer<Scalar>,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int, next: InlineArray<2, UnsafeRawBufferPointer>?)
}
