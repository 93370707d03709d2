import LinearAlgebra
import Synchronization

/// A backend that passes every call on to another, and remembers the products.
///
///     let spy = SpyingBackend(BLAS.backend)
///     try BLAS.$backend.withValue(spy) { _ = try model(images) }
///     #expect(spy.calls == [.gemm(.none, .transposed, m: 32, n: 10, k: 784)])
///
/// Safe to call from many tasks at once; their calls then stand in the order of arrival.
public struct SpyingBackend: BLASBackend {
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
  private let log = Log()

  /// A spy on `backend`, the one in force unless another is given.
  public init(_ backend: any BLASBackend = BLAS.backend) { self.backend = backend }

  /// The products so far, in their order.
  public var calls: [Call] { log.calls.withLock { $0 } }

  /// Forgets the products so far.
  public func forget() { log.calls.withLock { $0 = [] } }

  /// The backend's own name.
  public var name: String { backend.name }
  /// The backend's own, unwatched.
  public var factorizations: any FactorizationBackend { backend.factorizations }
  /// The backend's products for `Float`, watched.
  public var single: any ProductRoutines<Float> { Spy(products: backend.single, log: log) }
  /// The backend's products for `Double`, watched.
  public var double: any ProductRoutines<Double> { Spy(products: backend.double, log: log) }
}

private final class Log: Sendable {
  let calls = Mutex<[SpyingBackend.Call]>([])

  func append(_ call: SpyingBackend.Call) { calls.withLock { $0.append(call) } }
}

private struct Spy<Scalar: BLASScalar>: ProductRoutines {
  let products: any ProductRoutines<Scalar>
  let log: Log

  func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int
  ) {
    log.append(.gemm(transposeA, transposeB, m: m, n: n, k: k))
    products.gemm(
      transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
      c: c, ldc: ldc)
  }

  func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, x: UnsafePointer<Scalar>, incx: Int,
    beta: Scalar, y: UnsafeMutablePointer<Scalar>, incy: Int
  ) {
    log.append(.gemv(transpose, rows: rows, columns: columns))
    products.gemv(
      transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
      y: y, incy: incy)
  }

  func ger(
    rows: Int, columns: Int, alpha: Scalar, x: UnsafePointer<Scalar>, incx: Int,
    y: UnsafePointer<Scalar>, incy: Int, a: UnsafeMutablePointer<Scalar>, lda: Int
  ) {
    log.append(.ger(rows: rows, columns: columns))
    products.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
  }
}
