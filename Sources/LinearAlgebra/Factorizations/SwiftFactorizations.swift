import SwiftBLAS

/// Factorizations in pure Swift: no library needed, available in every build.
public struct SwiftFactorizations: FactorizationBackend {
  /// The factorizations; they run on the calling thread.
  public init() {}

  /// The routines for `Float`.
  public var single: any FactorizationRoutines<Float> { Routines<Float>() }
  /// The routines for `Double`.
  public var double: any FactorizationRoutines<Double> { Routines<Double>() }
}

private struct Routines<Scalar: Factorizable>: FactorizationRoutines {
  func solve(
    n: Int, rightHandSides: Int, a: UnsafeMutablePointer<Scalar>, b: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError) {
    if let pivot = Scalar.solve(n, rightHandSides, a, n, b, rightHandSides) {
      throw .singular(operation: "Matrix.solve", pivot: pivot)
    }
  }

  func leastSquares(
    rows: Int, columns: Int, rightHandSides: Int, a: UnsafeMutablePointer<Scalar>, b: UnsafePointer<Scalar>,
    x: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError) {
    let rank = Scalar.leastSquares(
      rows, columns, rightHandSides, a, columns, b, rightHandSides, x, rightHandSides, nil)
    if rank == nil { throw .noConvergence(operation: "Matrix.leastSquares") }
  }

  func qr(
    rows: Int, columns: Int, a: UnsafeMutablePointer<Scalar>, q: UnsafeMutablePointer<Scalar>,
    r: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError) {
    Scalar.qr(rows, columns, a, columns, q, min(rows, columns), r, columns)
  }

  func svd(
    rows: Int, columns: Int, a: UnsafePointer<Scalar>, u: UnsafeMutablePointer<Scalar>,
    s: UnsafeMutablePointer<Scalar>, vTransposed: UnsafeMutablePointer<Scalar>
  ) throws(MatrixError) {
    guard Scalar.svd(rows, columns, a, columns, u, min(rows, columns), s, vTransposed, columns) else {
      throw .noConvergence(operation: "Matrix.svd")
    }
  }
}

/// The overloads of `SwiftBLAS` for a precision, as values: each signature is written once.
private protocol Factorizable: BLASScalar {
  typealias Input = UnsafePointer<Self>
  typealias Output = UnsafeMutablePointer<Self>
  typealias Solve = (Int, Int, Output, Int, Output, Int) -> Int?
  typealias LeastSquares = (Int, Int, Int, Input, Int, Input, Int, Output, Int, Self?) -> Int?
  typealias QR = (Int, Int, Output, Int, Output, Int, Output, Int) -> Void
  typealias SVD = (Int, Int, Input, Int, Output, Int, Output, Output, Int) -> Bool

  static var solve: Solve { get }
  static var leastSquares: LeastSquares { get }
  static var qr: QR { get }
  static var svd: SVD { get }
}

extension Float: Factorizable {
  fileprivate static var solve: Solve { SwiftBLAS.solve }
  fileprivate static var leastSquares: LeastSquares { SwiftBLAS.leastSquares }
  fileprivate static var qr: QR { SwiftBLAS.qr }
  fileprivate static var svd: SVD { SwiftBLAS.svd }
}

extension Double: Factorizable {
  fileprivate static var solve: Solve { SwiftBLAS.solve }
  fileprivate static var leastSquares: LeastSquares { SwiftBLAS.leastSquares }
  fileprivate static var qr: QR { SwiftBLAS.qr }
  fileprivate static var svd: SVD { SwiftBLAS.svd }
}
