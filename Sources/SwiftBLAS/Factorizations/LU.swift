/// Overwrites a square matrix by its factors P · A = L · U, in single precision.
///
/// L has ones on its diagonal and lies below it; U lies on and above it. Partial pivoting: in each column the
/// element of largest magnitude becomes the pivot.
///
/// Golub and Van Loan, "Matrix Computations", 4th edition, algorithm 3.4.1.
///
/// - Parameters:
///   - n: Rows and columns of A.
///   - a: A, row-major with leading dimension `lda`; on return its factors.
///   - lda: Elements from one row to the next, at least `n`.
///   - pivots: Room for `n` indices; row i was exchanged with row `pivots[i]` ≥ i, in the order of i.
/// - Returns: `nil`, or the index of the first pivot that is exactly zero: A is singular, its factors incomplete.
/// - Complexity: ⅔·n³ operations.
public func factorLU(
  n: Int, a: UnsafeMutablePointer<Float>, lda: Int, pivots: UnsafeMutablePointer<Int>
) -> Int? {
  LU.factor(n, a, lda, pivots)
}

/// Overwrites a square matrix by its factors P · A = L · U, in double precision; see the function for `Float`.
public func factorLU(
  n: Int, a: UnsafeMutablePointer<Double>, lda: Int, pivots: UnsafeMutablePointer<Int>
) -> Int? {
  LU.factor(n, a, lda, pivots)
}

/// Solves A · X = B from the factors of A, in single precision.
///
/// - Parameters:
///   - n: Rows and columns of A.
///   - rightHandSides: Columns of B and X.
///   - lu: What ``factorLU(n:a:lda:pivots:)`` made of A, with its leading dimension `lda`.
///   - lda: Elements from one row of the factors to the next.
///   - pivots: What the factorization wrote there.
///   - b: B, row-major with leading dimension `ldb`; on return X.
///   - ldb: Elements from one row of B to the next, at least `rightHandSides`.
public func solveLU(
  n: Int, rightHandSides: Int, lu: UnsafePointer<Float>, lda: Int, pivots: UnsafePointer<Int>,
  b: UnsafeMutablePointer<Float>, ldb: Int
) {
  LU.solve(n, rightHandSides, lu, lda, pivots, b, ldb)
}

/// Solves A · X = B from the factors of A, in double precision; see the function for `Float`.
public func solveLU(
  n: Int, rightHandSides: Int, lu: UnsafePointer<Double>, lda: Int, pivots: UnsafePointer<Int>,
  b: UnsafeMutablePointer<Double>, ldb: Int
) {
  LU.solve(n, rightHandSides, lu, lda, pivots, b, ldb)
}

/// Solves A · X = B, overwriting A by its factors and B by X, in single precision.
///
/// - Parameters:
///   - n: Rows and columns of A.
///   - rightHandSides: Columns of B and X.
///   - a: A, row-major with leading dimension `lda`; on return its factors.
///   - lda: Elements from one row of A to the next, at least `n`.
///   - b: B, row-major with leading dimension `ldb`; on return X.
///   - ldb: Elements from one row of B to the next, at least `rightHandSides`.
/// - Returns: `nil`, or the index of the first pivot that is exactly zero: A is singular, and B is untouched.
public func solve(
  n: Int, rightHandSides: Int, a: UnsafeMutablePointer<Float>, lda: Int, b: UnsafeMutablePointer<Float>,
  ldb: Int
) -> Int? {
  LU.solve(n, rightHandSides, a, lda, b, ldb)
}

/// Solves A · X = B in double precision; see the function for `Float`.
public func solve(
  n: Int, rightHandSides: Int, a: UnsafeMutablePointer<Double>, lda: Int, b: UnsafeMutablePointer<Double>,
  ldb: Int
) -> Int? {
  LU.solve(n, rightHandSides, a, lda, b, ldb)
}

/// The loops of the functions above: row operations throughout, as suits row-major storage.
private enum LU<Scalar: ProductScalar> where Scalar.SIMD8Storage: BitwiseCopyable {
  typealias Row = RowOperations<Scalar>

  static func factor(
    _ n: Int, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int, _ pivots: UnsafeMutablePointer<Int>
  ) -> Int? {
    for j in 0..<n {
      var pivot = j
      for i in j..<n where a[i * lda + j].magnitude > a[pivot * lda + j].magnitude { pivot = i }
      pivots[j] = pivot
      exchange(a + j * lda, a + pivot * lda, count: n)
      let row = a + j * lda
      if row[j] == 0 { return j }
      for i in j + 1..<max(n, j + 1) {
        let below = a + i * lda
        below[j] /= row[j]
        Row.add(-below[j], row + j + 1, to: below + j + 1, count: n - j - 1)
      }
    }
    return nil
  }

  static func solve(
    _ n: Int, _ count: Int, _ lu: UnsafePointer<Scalar>, _ lda: Int, _ pivots: UnsafePointer<Int>,
    _ b: UnsafeMutablePointer<Scalar>, _ ldb: Int
  ) {
    for i in 0..<n { exchange(b + i * ldb, b + pivots[i] * ldb, count: count) }
    for i in 0..<n {
      for j in 0..<i { Row.add(-lu[i * lda + j], b + j * ldb, to: b + i * ldb, count: count) }
    }
    for i in (0..<n).reversed() {
      for j in i + 1..<max(n, i + 1) { Row.add(-lu[i * lda + j], b + j * ldb, to: b + i * ldb, count: count) }
      for j in 0..<count { b[i * ldb + j] /= lu[i * lda + i] }
    }
  }

  static func solve(
    _ n: Int, _ count: Int, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int, _ b: UnsafeMutablePointer<Scalar>,
    _ ldb: Int
  ) -> Int? {
    var pivots = [Int](repeating: 0, count: n)
    if let zero = factor(n, a, lda, &pivots) { return zero }
    solve(n, count, a, lda, pivots, b, ldb)
    return nil
  }

  private static func exchange(
    _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if x == y { return }
    for i in 0..<count { (x[i], y[i]) = (y[i], x[i]) }
  }
}
