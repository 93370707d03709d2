/// A backend that passes every call on to another and tells an observer of each: for counting and for timing products.
///
///     let observed = ObservedBackend(BLAS.backend) { product, duration in print(product, duration) }
///     try BLAS.$backend.withValue(observed) { _ = try model(images) }
///
/// The observer is called by the task that multiplies, after each product.
public struct ObservedBackend: BLASBackend {
  /// A product, without its numbers.
  public enum Product: Sendable, Hashable {
    /// op(A) is m × k, op(B) is k × n.
    case gemm(Transposition, Transposition, m: Int, n: Int, k: Int)
    /// A is stored as rows × columns.
    case gemv(Transposition, rows: Int, columns: Int)
    /// A is rows × columns.
    case ger(rows: Int, columns: Int)

    /// Multiplications and additions.
    public var flops: Int {
      switch self {
      case .gemm(_, _, let m, let n, let k): 2 * m * n * k
      case .gemv(_, let rows, let columns), .ger(let rows, let columns): 2 * rows * columns
      }
    }
  }

  private let backend: any BLASBackend
  private let observer: @Sendable (Product, Duration) -> Void

  /// A backend that computes as `backend` does and reports each product and the time it took.
  public init(_ backend: any BLASBackend, observer: @escaping @Sendable (Product, Duration) -> Void) {
    self.backend = backend
    self.observer = observer
  }

  public var name: String { backend.name }
  public var factorizations: any FactorizationBackend { backend.factorizations }

  private func observe(_ product: Product, _ body: () -> Void) {
    let start = ContinuousClock.now
    body()
    observer(product, start.duration(to: .now))
  }
}

extension ObservedBackend {
  public func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    observe(.gemm(transposeA, transposeB, m: m, n: n, k: k)) {
      backend.gemm(
        transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
        c: c, ldc: ldc)
    }
  }

  public func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, x: UnsafePointer<Float>, incx: Int,
    beta: Float, y: UnsafeMutablePointer<Float>, incy: Int
  ) {
    observe(.gemv(transpose, rows: rows, columns: columns)) {
      backend.gemv(
        transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
        y: y, incy: incy)
    }
  }

  public func ger(
    rows: Int, columns: Int, alpha: Float, x: UnsafePointer<Float>, incx: Int,
    y: UnsafePointer<Float>, incy: Int, a: UnsafeMutablePointer<Float>, lda: Int
  ) {
    observe(.ger(rows: rows, columns: columns)) {
      backend.ger(
        rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
    }
  }

  public func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    observe(.gemm(transposeA, transposeB, m: m, n: n, k: k)) {
      backend.gemm(
        transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
        c: c, ldc: ldc)
    }
  }

  public func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, x: UnsafePointer<Double>, incx: Int,
    beta: Double, y: UnsafeMutablePointer<Double>, incy: Int
  ) {
    observe(.gemv(transpose, rows: rows, columns: columns)) {
      backend.gemv(
        transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
        y: y, incy: incy)
    }
  }

  public func ger(
    rows: Int, columns: Int, alpha: Double, x: UnsafePointer<Double>, incx: Int,
    y: UnsafePointer<Double>, incy: Int, a: UnsafeMutablePointer<Double>, lda: Int
  ) {
    observe(.ger(rows: rows, columns: columns)) {
      backend.ger(
        rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
    }
  }
}
