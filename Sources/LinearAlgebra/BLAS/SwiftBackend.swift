import SwiftBLAS

/// Products and factorizations in pure Swift: no library needed, available in every build.
public struct SwiftBackend: BLASBackend {
  /// "swift".
  public let name = "swift"

  /// The backend; large products are shared among ``Threads/count`` threads.
  public init() {}

  /// The products for `Float`.
  public var single: any ProductRoutines<Float> { Products<Float>() }
  /// The products for `Double`.
  public var double: any ProductRoutines<Double> { Products<Double>() }
}

private struct Products<Scalar: Multipliable>: ProductRoutines {
  func gemm(
    _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int
  ) {
    PartitionedProduct.parallel(m: m, n: n, k: k) { rows, columns in
      Scalar.gemm(
        transposeA == .transposed, transposeB == .transposed, rows.count, columns.count, k,
        alpha, a + rows.lowerBound * (transposeA == .none ? lda : 1), lda,
        b + columns.lowerBound * (transposeB == .none ? 1 : ldb), ldb,
        beta, c + rows.lowerBound * ldc + columns.lowerBound, ldc)
    }
  }

  func gemv(
    _ transpose: Transposition, rows: Int, columns: Int,
    alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, x: UnsafePointer<Scalar>, incx: Int,
    beta: Scalar, y: UnsafeMutablePointer<Scalar>, incy: Int
  ) {
    PartitionedProduct.parallel(rows: rows, columns: columns, transpose) { rows, columns, first in
      Scalar.gemv(
        transpose == .transposed, rows.count, columns.count, alpha,
        a + rows.lowerBound * lda + columns.lowerBound,
        lda, x, incx, beta, y + first * incy, incy)
    }
  }

  func ger(
    rows: Int, columns: Int, alpha: Scalar, x: UnsafePointer<Scalar>, incx: Int,
    y: UnsafePointer<Scalar>, incy: Int, beta: Scalar, a: UnsafeMutablePointer<Scalar>, lda: Int
  ) {
    PartitionedProduct.parallel(rows, of: columns) { rows in
      let (x, a) = (x + rows.lowerBound * incx, a + rows.lowerBound * lda)
      Scalar.ger(rows.count, columns, alpha, x, incx, y, incy, beta, a, lda)
    }
  }
}

extension Products: PackingRoutines where Scalar == Float {
  func packedCount(k: Int, n: Int) -> Int {
    (n + packedColumnStep - 1) / packedColumnStep * packedColumnStep * k
  }

  func pack(
    _ transposeB: Transposition, k: Int, n: Int, b: UnsafePointer<Float>, ldb: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    packColumns(transposed: transposeB == .transposed, k: k, n: n, b: b, ldb: ldb, to: target)
  }

  func gemm(
    m: Int, n: Int, k: Int, a: UnsafePointer<Float>, lda: Int, packedB: UnsafePointer<Float>, beta: Float,
    c: UnsafeMutablePointer<Float>, ldc: Int, next: InlineArray<2, UnsafeRawBufferPointer>?
  ) {
    PartitionedProduct.parallel(m: m, n: n, k: k, grain: packedColumnStep) { rows, columns in
      // One of several threads does not know its part of it.
      let isWhole = rows.count == m && columns.count == n
      SwiftBLAS.gemm(
        m: rows.count, n: columns.count, k: k, a: a + rows.lowerBound * lda, lda: lda,
        packedB: packedB + columns.lowerBound * k, beta: beta,
        c: c + (rows.lowerBound * ldc + columns.lowerBound), ldc: ldc,
        next: isWhole ? next : nil)
    }
  }
}

/// The overloads of `SwiftBLAS` for a precision, as values: each signature is written once.
private protocol Multipliable: BLASScalar {
  typealias Input = UnsafePointer<Self>
  typealias Output = UnsafeMutablePointer<Self>
  typealias Gemm = (Bool, Bool, Int, Int, Int, Self, Input, Int, Input, Int, Self, Output, Int) -> Void
  typealias Gemv = (Bool, Int, Int, Self, Input, Int, Input, Int, Self, Output, Int) -> Void
  typealias Ger = (Int, Int, Self, Input, Int, Input, Int, Self, Output, Int) -> Void

  static var gemm: Gemm { get }
  static var gemv: Gemv { get }
  static var ger: Ger { get }
}

extension Float: Multipliable {
  fileprivate static var gemm: Gemm { SwiftBLAS.gemm }
  fileprivate static var gemv: Gemv { SwiftBLAS.gemv }
  fileprivate static var ger: Ger { SwiftBLAS.ger }
}

extension Double: Multipliable {
  fileprivate static var gemm: Gemm { SwiftBLAS.gemm }
  fileprivate static var gemv: Gemv { SwiftBLAS.gemv }
  fileprivate static var ger: Ger { SwiftBLAS.ger }
}
