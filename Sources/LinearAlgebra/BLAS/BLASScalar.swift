/// A type of number that the backends multiply: `Float` and `Double`.
///
/// The requirements route to the backend's overload for the type.
public protocol BLASScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// ``BLASBackend``'s gemm for this type.
  static func gemm(
    on backend: any BLASBackend, _ transposeA: Transposition, _ transposeB: Transposition, _ m: Int, _ n: Int,
    _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int,
    _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int)

  /// ``BLASBackend``'s gemv for this type.
  static func gemv(
    on backend: any BLASBackend, _ transpose: Transposition, rows: Int, columns: Int, _ alpha: Self,
    _ a: UnsafePointer<Self>, _ lda: Int, _ x: UnsafePointer<Self>, _ incx: Int,
    _ beta: Self, _ y: UnsafeMutablePointer<Self>, _ incy: Int)

  /// ``BLASBackend``'s ger for this type.
  static func ger(
    on backend: any BLASBackend, rows: Int, columns: Int, _ alpha: Self, _ x: UnsafePointer<Self>,
    _ incx: Int, _ y: UnsafePointer<Self>, _ incy: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int)

  /// ``BLASBackend/factorizations`` for this type.
  static func factorizations(of backend: any BLASBackend) -> any FactorizationRoutines<Self>
}

extension Float: BLASScalar {
  public static func gemm(
    on backend: any BLASBackend, _ transposeA: Transposition, _ transposeB: Transposition, _ m: Int, _ n: Int,
    _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
    _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    backend.gemm(
      transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
      c: c, ldc: ldc)
  }

  public static func gemv(
    on backend: any BLASBackend, _ transpose: Transposition, rows: Int, columns: Int, _ alpha: Float,
    _ a: UnsafePointer<Float>, _ lda: Int, _ x: UnsafePointer<Float>, _ incx: Int,
    _ beta: Float, _ y: UnsafeMutablePointer<Float>, _ incy: Int
  ) {
    backend.gemv(
      transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
      y: y, incy: incy)
  }

  public static func ger(
    on backend: any BLASBackend, rows: Int, columns: Int, _ alpha: Float, _ x: UnsafePointer<Float>,
    _ incx: Int, _ y: UnsafePointer<Float>, _ incy: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int
  ) {
    backend.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
  }

  public static func factorizations(of backend: any BLASBackend) -> any FactorizationRoutines<Float> {
    backend.factorizations.single
  }
}

extension Double: BLASScalar {
  public static func gemm(
    on backend: any BLASBackend, _ transposeA: Transposition, _ transposeB: Transposition, _ m: Int, _ n: Int,
    _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int,
    _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) {
    backend.gemm(
      transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b, ldb: ldb, beta: beta,
      c: c, ldc: ldc)
  }

  public static func gemv(
    on backend: any BLASBackend, _ transpose: Transposition, rows: Int, columns: Int, _ alpha: Double,
    _ a: UnsafePointer<Double>, _ lda: Int, _ x: UnsafePointer<Double>, _ incx: Int,
    _ beta: Double, _ y: UnsafeMutablePointer<Double>, _ incy: Int
  ) {
    backend.gemv(
      transpose, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta,
      y: y, incy: incy)
  }

  public static func ger(
    on backend: any BLASBackend, rows: Int, columns: Int, _ alpha: Double, _ x: UnsafePointer<Double>,
    _ incx: Int, _ y: UnsafePointer<Double>, _ incy: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int
  ) {
    backend.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
  }

  public static func factorizations(of backend: any BLASBackend) -> any FactorizationRoutines<Double> {
    backend.factorizations.double
  }
}
