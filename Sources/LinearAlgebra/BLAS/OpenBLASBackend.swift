#if OpenBLAS
  import COpenBLAS

  /// Products by the OpenBLAS library of the system, factorizations by its LAPACKE.
  public struct OpenBLASBackend: BLASBackend {
    public let name = "openblas"

    public var factorizations: any FactorizationBackend { LAPACKEFactorizations() }

    /// The backend; its number of threads follows ``Threads/count``.
    public init() {
      // Reading the number the first time hands it to OpenBLAS, which would else begin with one of its own.
      _ = Threads.count
    }

    public func gemm(
      _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
      alpha: Float, a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
      beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
      cblas_sgemm(
        CblasRowMajor, transposeA.cblas, transposeB.cblas, blasint(m), blasint(n), blasint(k),
        alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }

    public func gemm(
      _ transposeA: Transposition, _ transposeB: Transposition, m: Int, n: Int, k: Int,
      alpha: Double, a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
      beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
    ) {
      cblas_dgemm(
        CblasRowMajor, transposeA.cblas, transposeB.cblas, blasint(m), blasint(n), blasint(k),
        alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }

    public func gemv(
      _ transpose: Transposition, rows: Int, columns: Int,
      alpha: Float, a: UnsafePointer<Float>, lda: Int, x: UnsafePointer<Float>, incx: Int,
      beta: Float, y: UnsafeMutablePointer<Float>, incy: Int
    ) {
      cblas_sgemv(
        CblasRowMajor, transpose.cblas, blasint(rows), blasint(columns),
        alpha, a, blasint(lda), x, blasint(incx), beta, y, blasint(incy))
    }

    public func gemv(
      _ transpose: Transposition, rows: Int, columns: Int,
      alpha: Double, a: UnsafePointer<Double>, lda: Int, x: UnsafePointer<Double>, incx: Int,
      beta: Double, y: UnsafeMutablePointer<Double>, incy: Int
    ) {
      cblas_dgemv(
        CblasRowMajor, transpose.cblas, blasint(rows), blasint(columns),
        alpha, a, blasint(lda), x, blasint(incx), beta, y, blasint(incy))
    }

    public func ger(
      rows: Int, columns: Int, alpha: Float, x: UnsafePointer<Float>, incx: Int,
      y: UnsafePointer<Float>, incy: Int, a: UnsafeMutablePointer<Float>, lda: Int
    ) {
      cblas_sger(
        CblasRowMajor, blasint(rows), blasint(columns), alpha, x, blasint(incx), y, blasint(incy), a,
        blasint(lda))
    }

    public func ger(
      rows: Int, columns: Int, alpha: Double, x: UnsafePointer<Double>, incx: Int,
      y: UnsafePointer<Double>, incy: Int, a: UnsafeMutablePointer<Double>, lda: Int
    ) {
      cblas_dger(
        CblasRowMajor, blasint(rows), blasint(columns), alpha, x, blasint(incx), y, blasint(incy), a,
        blasint(lda))
    }
  }

  extension Transposition {
    fileprivate var cblas: CBLAS_TRANSPOSE { self == .none ? CblasNoTrans : CblasTrans }
  }
#endif
