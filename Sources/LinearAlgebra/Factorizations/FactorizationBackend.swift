/// What solves and decomposes matrices for a ``BLASBackend``, in both precisions.
public protocol FactorizationBackend: Sendable {
  /// The routines for `Float`.
  var single: any FactorizationRoutines<Float> { get }
  /// The routines for `Double`.
  var double: any FactorizationRoutines<Double> { get }
}

/// The factorizations of one precision, over pointers.
///
/// All matrices are row-major with no gap between their rows; no size is zero, and all elements are finite.
/// Callers guarantee that the pointers cover what the sizes say: ``Matrix`` is the checked way in.
public protocol FactorizationRoutines<Scalar>: Sendable {
  /// The type of the elements.
  associatedtype Scalar: BLASScalar

  /// Overwrites B by the X of A · X = B, and A by what the routine needs.
  ///
  /// A is n × n, B and X are n × `rightHandSides`.
  ///
  /// - Throws: ``MatrixError/singular(operation:pivot:)``.
  func solve(
    n: Int, rightHandSides: Int, a: UnsafeMutablePointer<Scalar>, b: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError)

  /// Writes the X of least norm among those that minimise |A · X − B|, and overwrites A.
  ///
  /// A is rows × columns, B is rows × `rightHandSides`, and X is columns × `rightHandSides`. Singular values not above
  /// the precision times max(rows, columns) times the largest count as zero.
  ///
  /// - Throws: ``MatrixError/noConvergence(operation:)``.
  func leastSquares(
    rows: Int, columns: Int, rightHandSides: Int, a: UnsafeMutablePointer<Scalar>, b: UnsafePointer<Scalar>,
    x: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError)

  /// Writes the reduced factors A = Q · R, and overwrites A.
  ///
  /// With r = min(rows, columns), Q is rows × r and R is r × columns, zero below its diagonal.
  func qr(
    rows: Int, columns: Int, a: UnsafeMutablePointer<Scalar>, q: UnsafeMutablePointer<Scalar>,
    r: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError)

  /// Writes the reduced decomposition A = U · diag(s) · Vᵀ, s ≥ 0 in descending order.
  ///
  /// With r = min(rows, columns), U is rows × r, s has r elements, and Vᵀ is r × columns.
  ///
  /// - Throws: ``MatrixError/noConvergence(operation:)``.
  func svd(
    rows: Int, columns: Int, a: UnsafePointer<Scalar>, u: UnsafeMutablePointer<Scalar>,
    s: UnsafeMutablePointer<Scalar>, vTransposed: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError)
}
