import LinearAlgebra
import Synchronization

/// A backend that passes every call on to another, and remembers the products.
///
///     let spy = SpyingBackend(BLAS.backend)
///     try BLAS.$backend.withValue(spy) { _ = try model(images) }
///     #expect(spy.calls == [.gemm(.none, .transposed, m: 32, n: 10, k: 784)])
///
/// Safe to call from many tasks at once; their calls then stand in the order of arrival.
public final class SpyingBackend: BLASBackend {
  /// A call, without its numbers.
  public enum Call: Sendable, Hashable {
    /// op(A) is m × k, op(B) is k × n.
    case gemm(Transposition, Transposition, m: Int, n: Int, k: Int)
    /// A is stored as rows × columns.
    case gemv(Transposition, rows: Int, columns: Int)
    /// A is rows × columns.
    case ger(rows: Int, columns: Int)
  }

  private let backend: any BLASBackend
  private let log = Mutex<[Call]>([])

  /// A spy on `backend`, the one in force unless another is given.
  public init(_ backend: any BLASBackend = BLAS.backend) { self.backend = backend }

  /// The products so far, in their order.
  public var calls: [Call] { log.withLock { $0 } }

  /// Forgets the products so far.
  public func forget() { log.withLock { $0 = [] } }

  public var name: String { backend.name }
  public var factorizations: any FactorizationBackend { backend.factorizations }

  private func note(_ call: Call) { log.withLock { $0.append(call) } }
}

extension SpyingBackend {
  public func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    note(.gemm(transposeA, transposeB, m: m, n: n, k: k))
    backend.gemm(
      transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
      c: c, ldc: ldc)
  }

  public func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, x: UnsafePointer<Float>, incx: Int,
    beta: Float, y: UnsafeMutablePointer<Float>, incy: Int
  ) {
    note(.gemv(transpose, rows: rows, columns: columns))
    backend.gemv(
      transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
      y: y, incy: incy)
  }

  public func ger(
    rows: Int, columns: Int, alpha: Float, x: UnsafePointer<Float>, incx: Int,
    y: UnsafePointer<Float>, incy: Int, a: UnsafeMutablePointer<Float>, lda: Int
  ) {
    note(.ger(rows: rows, columns: columns))
    backend.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
  }

  public func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    note(.gemm(transposeA, transposeB, m: m, n: n, k: k))
    backend.gemm(
      transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
      c: c, ldc: ldc)
  }

  public func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, x: UnsafePointer<Double>, incx: Int,
    beta: Double, y: UnsafeMutablePointer<Double>, incy: Int
  ) {
    note(.gemv(transpose, rows: rows, columns: columns))
    backend.gemv(
      transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
      y: y, incy: incy)
  }

  public func ger(
    rows: Int, columns: Int, alpha: Double, x: UnsafePointer<Double>, incx: Int,
    y: UnsafePointer<Double>, incy: Int, a: UnsafeMutablePointer<Double>, lda: Int
  ) {
    note(.ger(rows: rows, columns: columns))
    backend.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
  }
}
