import SwiftBLAS

/// Products in pure Swift: no library needed, available in every build.
public struct SwiftBackend: BLASBackend {
  public let name = "swift"

  /// The backend; large products are shared among ``Threads/count`` threads.
  public init() {}

  public func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    share(m: m, n: n, k: k) { rows, columns in
      SwiftBLAS.gemm(
        transposeA: transposeA == .transposed, transposeB: transposeB == .transposed,
        m: rows.count, n: columns.count, k: k,
        alpha: alpha, a: a + rows.lowerBound * (transposeA == .none ? lda : 1), lda: lda,
        b: b + columns.lowerBound * (transposeB == .none ? 1 : ldb), ldb: ldb,
        beta: beta, c: c + rows.lowerBound * ldc + columns.lowerBound, ldc: ldc)
    }
  }

  public func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    share(m: m, n: n, k: k) { rows, columns in
      SwiftBLAS.gemm(
        transposeA: transposeA == .transposed, transposeB: transposeB == .transposed,
        m: rows.count, n: columns.count, k: k,
        alpha: alpha, a: a + rows.lowerBound * (transposeA == .none ? lda : 1), lda: lda,
        b: b + columns.lowerBound * (transposeB == .none ? 1 : ldb), ldb: ldb,
        beta: beta, c: c + rows.lowerBound * ldc + columns.lowerBound, ldc: ldc)
    }
  }

  public func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Float, a: UnsafePointer<Float>, lda: Int, x: UnsafePointer<Float>, incx: Int,
    beta: Float, y: UnsafeMutablePointer<Float>, incy: Int
  ) {
    SwiftBLAS.gemv(
      transposed: transpose == .transposed, rows: rows, columns: columns,
      alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta, y: y, incy: incy)
  }

  public func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Double, a: UnsafePointer<Double>, lda: Int, x: UnsafePointer<Double>, incx: Int,
    beta: Double, y: UnsafeMutablePointer<Double>, incy: Int
  ) {
    SwiftBLAS.gemv(
      transposed: transpose == .transposed, rows: rows, columns: columns,
      alpha: alpha, a: a, lda: lda, x: x, incx: incx, beta: beta, y: y, incy: incy)
  }

  public func ger(
    rows: Int, columns: Int, alpha: Float, x: UnsafePointer<Float>, incx: Int,
    y: UnsafePointer<Float>, incy: Int, a: UnsafeMutablePointer<Float>, lda: Int
  ) {
    SwiftBLAS.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
  }

  public func ger(
    rows: Int, columns: Int, alpha: Double, x: UnsafePointer<Double>, incx: Int,
    y: UnsafePointer<Double>, incy: Int, a: UnsafeMutablePointer<Double>, lda: Int
  ) {
    SwiftBLAS.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: a, lda: lda)
  }
}

extension SwiftBackend {
  /// Multiply-adds below which a second thread costs more than it saves.
  private static let threadingThreshold = 2_000_000

  /// Rows or columns of C that a thread's part is a multiple of, so that only the last part has a ragged edge.
  private static let grain = 48

  /// Calls `product` for as many parts of C as there are threads, cut by rows or by columns, whichever are more.
  private func share(m: Int, n: Int, k: Int, _ product: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
    let threads = m * n * k < Self.threadingThreshold ? 1 : Threads.count
    let size = max(m, n)
    let part = max(1, ((size + threads - 1) / threads + Self.grain - 1) / Self.grain) * Self.grain
    Threads.parallel((size + part - 1) / part) { index in
      let range = index * part..<min(size, (index + 1) * part)
      if m >= n { product(range, 0..<n) } else { product(0..<m, range) }
    }
  }
}
