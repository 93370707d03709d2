/// A backend that passes every call on to another and tells an observer of each: for counting and for timing products.
///
///     let observed = ObservedBackend(BLAS.backend) { product, duration in print(product, duration) }
///     try BLAS.$backend.withValue(observed) { _ = try model(images) }
///
/// The observer is called by the task that multiplies, after each product. Nothing is packed ahead for several products: see
/// ``PackingRoutines``.
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

  /// The backend's own name.
  public var name: String { backend.name }
  /// The backend's own, not observed.
  public var factorizations: any FactorizationBackend { backend.factorizations }
  /// The backend's products for `Float`, observed.
  public var single: any ProductRoutines<Float> { Observed(products: backend.single, observer: observer) }
  /// The backend's products for `Double`, observed.
  public var double: any ProductRoutines<Double> { Observed(products: backend.double, observer: observer) }
}

private struct Observed<Scalar: BLASScalar>: ProductRoutines {
  let products: any ProductRoutines<Scalar>
  let observer: @Sendable (ObservedBackend.Product, Duration) -> Void

  private func observe(_ product: ObservedBackend.Product, _ body: () -> Void) {
    let start = ContinuousClock.now
    body()
    observer(product, start.duration(to: .now))
  }

  func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int
  ) {
    observe(.gemm(transposeA, transposeB, m: m, n: n, k: k)) {
      products.gemm(
        transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
        c: c, ldc: ldc)
    }
  }

  func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, x: UnsafePointer<Scalar>, incx: Int,
    beta: Scalar, y: UnsafeMutablePointer<Scalar>, incy: Int
  ) {
    observe(.gemv(transpose, rows: rows, columns: columns)) {
      products.gemv(
        transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
        y: y, incy: incy)
    }
  }

  func ger(
    rows: Int, columns: Int, alpha: Scalar, x: UnsafePointer<Scalar>, incx: Int,
    y: UnsafePointer<Scalar>, incy: Int, beta: Scalar, a: UnsafeMutablePointer<Scalar>, lda: Int
  ) {
    observe(.ger(rows: rows, columns: columns)) {
      products.ger(
        rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, beta: beta, a: a,
        lda: lda)
    }
  }
}
