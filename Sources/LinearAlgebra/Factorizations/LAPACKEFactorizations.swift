#if OpenBLAS
  import CLAPACKE

  /// Factorizations by the LAPACKE library of the system.
  ///
  /// LAPACK Users' Guide, 3rd edition: `gesv` (LU with partial pivoting), `gelsd` and `gesdd` (divide and conquer),
  /// `geqrf` with `orgqr` (Householder reflections).
  public struct LAPACKEFactorizations: FactorizationBackend {
    /// The factorizations; the number of their threads is OpenBLAS's.
    public init() {}

    /// The routines for `Float`.
    public var single: any FactorizationRoutines<Float> { Routines<Float>() }
    /// The routines for `Double`.
    public var double: any FactorizationRoutines<Double> { Routines<Double>() }
  }

  /// LAPACKE's integer, `lapack_int`, which Swift cannot see since it is a macro.
  private typealias Size = Int32

  private struct Routines<Scalar: LAPACKEScalar>: FactorizationRoutines {
    func solve(
      n: Int, rightHandSides: Int, a: UnsafeMutablePointer<Scalar>, b: UnsafeMutablePointer<Scalar>
    ) throws(MatrixError) {
      let (order, count) = (Size(n), Size(rightHandSides))
      var pivots = [Size](repeating: 0, count: n)
      let status = Scalar.gesv(LAPACK_ROW_MAJOR, order, count, a, order, &pivots, b, count)
      if status > 0 { throw .singular(operation: "Matrix.solve", pivot: Int(status) - 1) }
      try check(status, "Matrix.solve")
    }

    func leastSquares(
      rows: Int, columns: Int, rightHandSides: Int, a: UnsafeMutablePointer<Scalar>, b: UnsafePointer<Scalar>,
      x: UnsafeMutablePointer<Scalar>
    ) throws(MatrixError) {
      // B comes in and X goes out in the same place, which has room for the taller of the two.
      var both = [Scalar](repeating: 0, count: max(rows, columns) * rightHandSides)
      both.replaceSubrange(
        0..<rows * rightHandSides, with: UnsafeBufferPointer(start: b, count: rows * rightHandSides))
      var singularValues = [Scalar](repeating: 0, count: min(rows, columns))
      var rank: Size = 0
      let status = Scalar.gelsd(
        LAPACK_ROW_MAJOR, Size(rows), Size(columns), Size(rightHandSides), a, Size(columns),
        &both, Size(rightHandSides), &singularValues, Scalar.ulpOfOne * Scalar(max(rows, columns)), &rank)
      try check(status, "Matrix.leastSquares")
      x.update(from: both, count: columns * rightHandSides)
    }

    func qr(
      rows: Int, columns: Int, a: UnsafeMutablePointer<Scalar>, q: UnsafeMutablePointer<Scalar>,
      r: UnsafeMutablePointer<Scalar>
    ) throws(MatrixError) {
      let rank = min(rows, columns)
      var factors = [Scalar](repeating: 0, count: rank)
      let status = Scalar.geqrf(
        LAPACK_ROW_MAJOR, Size(rows), Size(columns), a, Size(columns), &factors)
      try check(status, "Matrix.qr")
      for i in 0..<rank {
        for j in 0..<columns { r[i * columns + j] = j < i ? 0 : a[i * columns + j] }
      }
      for i in 0..<rows { (q + i * rank).update(from: a + i * columns, count: rank) }
      let width = Size(rank)
      try check(Scalar.orgqr(LAPACK_ROW_MAJOR, Size(rows), width, width, q, width, factors), "Matrix.qr")
    }

    func svd(
      rows: Int, columns: Int, a: UnsafePointer<Scalar>, u: UnsafeMutablePointer<Scalar>,
      s: UnsafeMutablePointer<Scalar>, vTransposed: UnsafeMutablePointer<Scalar>
    ) throws(MatrixError) {
      let (m, n, rank) = (Size(rows), Size(columns), Size(min(rows, columns)))
      let reduced = CChar(UInt8(ascii: "S"))
      var copy = Array(UnsafeBufferPointer(start: a, count: rows * columns))
      var status = Scalar.gesdd(LAPACK_ROW_MAJOR, reduced, m, n, &copy, n, s, u, rank, vTransposed, n)
      if status > 0 {
        // Divide and conquer fails, rarely, where the slower QR iteration succeeds.
        copy.replaceSubrange(copy.indices, with: UnsafeBufferPointer(start: a, count: rows * columns))
        var superdiagonal = [Scalar](repeating: 0, count: min(rows, columns))
        status = Scalar.gesvd(
          LAPACK_ROW_MAJOR, reduced, reduced, m, n, &copy, n, s, u, rank, vTransposed, n, &superdiagonal)
      }
      try check(status, "Matrix.svd")
    }

    /// A positive status of an iteration is its failure to converge; a negative one is LAPACKE's own.
    private func check(_ status: Size, _ operation: String) throws(MatrixError) {
      if status > 0 { throw .noConvergence(operation: operation) }
      if status < 0 { throw .failed(operation: operation, status: Int(status)) }
    }
  }

  /// LAPACKE's functions for a precision, as values: each signature is written once.
  private protocol LAPACKEScalar: BLASScalar {
    typealias Sizes = UnsafeMutablePointer<Size>
    typealias Input = UnsafePointer<Self>
    typealias Output = UnsafeMutablePointer<Self>
    typealias GESV = (Int32, Size, Size, Output, Size, Sizes, Output, Size) -> Size
    typealias GELSD = (Int32, Size, Size, Size, Output, Size, Output, Size, Output, Self, Sizes) -> Size
    typealias GEQRF = (Int32, Size, Size, Output, Size, Output) -> Size
    typealias ORGQR = (Int32, Size, Size, Size, Output, Size, Input) -> Size
    typealias GESDD = (Int32, CChar, Size, Size, Output, Size, Output, Output, Size, Output, Size) -> Size
    typealias GESVD = (
      Int32, CChar, CChar, Size, Size, Output, Size, Output, Output, Size, Output, Size, Output
    ) -> Size

    static var gesv: GESV { get }
    static var gelsd: GELSD { get }
    static var geqrf: GEQRF { get }
    static var orgqr: ORGQR { get }
    static var gesdd: GESDD { get }
    static var gesvd: GESVD { get }
  }

  extension Float: LAPACKEScalar {
    fileprivate static var gesv: GESV { LAPACKE_sgesv }
    fileprivate static var gelsd: GELSD { LAPACKE_sgelsd }
    fileprivate static var geqrf: GEQRF { LAPACKE_sgeqrf }
    fileprivate static var orgqr: ORGQR { LAPACKE_sorgqr }
    fileprivate static var gesdd: GESDD { LAPACKE_sgesdd }
    fileprivate static var gesvd: GESVD { LAPACKE_sgesvd }
  }

  extension Double: LAPACKEScalar {
    fileprivate static var gesv: GESV { LAPACKE_dgesv }
    fileprivate static var gelsd: GELSD { LAPACKE_dgelsd }
    fileprivate static var geqrf: GEQRF { LAPACKE_dgeqrf }
    fileprivate static var orgqr: ORGQR { LAPACKE_dorgqr }
    fileprivate static var gesdd: GESDD { LAPACKE_dgesdd }
    fileprivate static var gesvd: GESVD { LAPACKE_dgesvd }
  }
#endif
