#if OpenBLAS
  import COpenBLAS
  import CTargetFeatures

  /// Products by the OpenBLAS library of the system, factorizations by LAPACKE on top of it.
  public struct OpenBLASBackend: BLASBackend {
    /// "openblas".
    public let name = "openblas"

    /// The backend; large products are shared among ``Threads/count`` threads.
    public init() { _ = Threads.openBLASIsSingleThreaded }

    /// The products for `Float`.
    public var single: any ProductRoutines<Float> { Products<Float>() }
    /// The products for `Double`.
    public var double: any ProductRoutines<Double> { Products<Double>() }

    /// The library's version and how it was built, in its own words: "OpenBLAS 0.3.21 DYNAMIC_ARCH …".
    public static var configuration: String { String(cString: openblas_get_config()) }

    /// The kind of processor whose routines the library chose when it was loaded: "Zen", "Haswell", ….
    public static var coreType: String { String(cString: openblas_get_corename()) }

    /// Whether the library took a processor younger than itself for the oldest it has routines for, though this build
    /// uses AVX2: its products then take five times as long. `OPENBLAS_CORETYPE=Haswell` in the environment helps.
    static var isBehindThisBuild: Bool { CPUFeatures.hasAVX2 && coreType == "Prescott" }

    /// LAPACKE's factorizations.
    public var factorizations: any FactorizationBackend { LAPACKEFactorizations() }
  }

  private struct Products<Scalar: CBLASScalar>: ProductRoutines {
    func gemm(
      _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
      alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int,
      beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int
    ) {
      PartitionedProduct.parallel(m: m, n: n, k: k) { rows, columns in
        Scalar.gemm(
          CblasRowMajor, transposeA.cblas, transposeB.cblas, blasint(rows.count), blasint(columns.count),
          blasint(k),
          alpha, a + rows.lowerBound * (transposeA == .none ? lda : 1), blasint(lda),
          b + columns.lowerBound * (transposeB == .none ? 1 : ldb), blasint(ldb),
          beta, c + rows.lowerBound * ldc + columns.lowerBound, blasint(ldc))
      }
    }

    func gemv(
      _ transpose: Transposition, rows: Int, columns: Int,
      alpha: Scalar, a: UnsafePointer<Scalar>, lda: Int, x: UnsafePointer<Scalar>, incx: Int,
      beta: Scalar, y: UnsafeMutablePointer<Scalar>, incy: Int
    ) {
      PartitionedProduct.parallel(rows: rows, columns: columns, transpose) { rows, columns, first in
        Scalar.gemv(
          CblasRowMajor, transpose.cblas, blasint(rows.count), blasint(columns.count),
          alpha, a + rows.lowerBound * lda + columns.lowerBound, blasint(lda), x, blasint(incx),
          beta, y + first * incy, blasint(incy))
      }
    }

    func ger(
      rows: Int, columns: Int, alpha: Scalar, x: UnsafePointer<Scalar>, incx: Int,
      y: UnsafePointer<Scalar>, incy: Int, beta: Scalar, a: UnsafeMutablePointer<Scalar>, lda: Int
    ) {
      PartitionedProduct.parallel(rows, of: columns) { rows in
        let (x, a) = (x + rows.lowerBound * incx, a + rows.lowerBound * lda)
        BLAS.scale(a, by: beta, rows: rows.count, columns: columns, lda)
        Scalar.ger(
          CblasRowMajor, blasint(rows.count), blasint(columns), alpha, x, blasint(incx), y, blasint(incy), a,
          blasint(lda))
      }
    }
  }

  extension Transposition {
    fileprivate var cblas: CBLAS_TRANSPOSE { self == .none ? CblasNoTrans : CblasTrans }
  }

  /// OpenBLAS's functions for a precision, as values: each signature is written once.
  private protocol CBLASScalar: BLASScalar {
    typealias Size = blasint
    typealias Order = CBLAS_ORDER
    typealias Transpose = CBLAS_TRANSPOSE
    typealias Input = UnsafePointer<Self>
    typealias Output = UnsafeMutablePointer<Self>
    typealias Gemm = (
      Order, Transpose, Transpose, Size, Size, Size, Self, Input, Size, Input, Size, Self, Output, Size
    ) -> Void
    typealias Gemv = (
      Order, Transpose, Size, Size, Self, Input, Size, Input, Size, Self, Output, Size
    ) -> Void
    typealias Ger = (Order, Size, Size, Self, Input, Size, Input, Size, Output, Size) -> Void

    static var gemm: Gemm { get }
    static var gemv: Gemv { get }
    static var ger: Ger { get }
  }

  extension Float: CBLASScalar {
    fileprivate static var gemm: Gemm { cblas_sgemm }
    fileprivate static var gemv: Gemv { cblas_sgemv }
    fileprivate static var ger: Ger { cblas_sger }
  }

  extension Double: CBLASScalar {
    fileprivate static var gemm: Gemm { cblas_dgemm }
    fileprivate static var gemv: Gemv { cblas_dgemv }
    fileprivate static var ger: Ger { cblas_dger }
  }
#endif
