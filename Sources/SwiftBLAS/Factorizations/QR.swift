/// The reduced factors A = Q · R of any matrix, in single precision, by Householder reflections.
///
/// With r = min(rows, columns), Q is rows × r with orthonormal columns, and R is r × columns, zero below its diagonal.
/// Signs are those of LAPACK's `geqrf`: a diagonal element of R has the sign opposite to that of the element it came
/// from, but for a last row, and for columns already zero below, which are left as they are.
///
/// Golub and Van Loan, "Matrix Computations", 4th edition, section 5.2.
///
/// - Parameters:
///   - rows: Rows of A.
///   - columns: Columns of A.
///   - a: A, row-major with leading dimension `lda`; overwritten with intermediate values.
///   - lda: Elements from one row of A to the next, at least `columns`.
///   - q: Room for Q, row-major with leading dimension `ldq`.
///   - ldq: Elements from one row of Q to the next, at least r.
///   - r: Room for R, row-major with leading dimension `ldr`.
///   - ldr: Elements from one row of R to the next, at least `columns`.
/// - Complexity: 4·rows·columns·r operations, about.
public func qr(
  rows: Int, columns: Int, a: UnsafeMutablePointer<Float>, lda: Int, q: UnsafeMutablePointer<Float>, ldq: Int,
  r: UnsafeMutablePointer<Float>, ldr: Int
) {
  Householder.qr(rows, columns, a, lda, q, ldq, r, ldr)
}

/// The reduced factors A = Q · R in double precision; see the function for `Float`.
public func qr(
  rows: Int, columns: Int, a: UnsafeMutablePointer<Double>, lda: Int, q: UnsafeMutablePointer<Double>,
  ldq: Int,
  r: UnsafeMutablePointer<Double>, ldr: Int
) {
  Householder.qr(rows, columns, a, lda, q, ldq, r, ldr)
}

/// Reflections H = I − τ · v · vᵀ with v[0] = 1, kept below the diagonal they cleared.
private enum Householder<Scalar: ProductScalar> where Scalar.SIMD8Storage: BitwiseCopyable {
  typealias Row = RowOperations<Scalar>
  typealias Pointer = UnsafeMutablePointer<Scalar>

  static func qr(
    _ rows: Int, _ columns: Int, _ a: Pointer, _ lda: Int, _ q: Pointer, _ ldq: Int, _ r: Pointer, _ ldr: Int
  ) {
    let rank = min(rows, columns)
    var factors = [Scalar](repeating: 0, count: rank)
    var column = [Scalar](repeating: 0, count: rows)
    var projection = [Scalar](repeating: 0, count: columns)

    for j in 0..<rank {
      factors[j] = reflector(rows - j, a + (j * lda + j), lda, scratch: &column)
      reflect(
        rows - j, columns - j - 1, a + (j * lda + j + 1), lda, v: a + (j * lda + j), lda, factors[j],
        &projection)
    }
    for i in 0..<rank {
      for j in 0..<columns { r[i * ldr + j] = j < i ? 0 : a[i * lda + j] }
    }

    // Q = H₀ · H₁ · … applied to the first columns of the identity, last reflection first.
    for i in 0..<rows {
      for j in 0..<rank { q[i * ldq + j] = i == j ? 1 : 0 }
    }
    for j in (0..<rank).reversed() {
      reflect(rows - j, rank - j, q + (j * ldq + j), ldq, v: a + (j * lda + j), lda, factors[j], &projection)
    }
  }

  /// Turns a column x into (β, v[1...]) where H · x = (β, 0, …), and returns τ.
  private static func reflector(_ count: Int, _ x: Pointer, _ step: Int, scratch: inout [Scalar]) -> Scalar {
    for i in 1..<max(1, count) { scratch[i] = x[i * step] }
    let rest = scratch.withUnsafeBufferPointer { scratch -> Scalar in
      guard let start = scratch.baseAddress, count > 1 else { return 0 }
      return Row.norm(start + 1, count: count - 1)
    }
    if rest == 0 { return 0 }
    let alpha = x[0]
    // The length of (α, rest), the larger of the two taken out.
    let larger = max(alpha.magnitude, rest)
    let length =
      larger * ((alpha / larger) * (alpha / larger) + (rest / larger) * (rest / larger)).squareRoot()
    let beta = alpha < 0 || alpha.sign == .minus ? length : -length
    for i in 1..<count { x[i * step] /= alpha - beta }
    x[0] = beta
    return (beta - alpha) / beta
  }

  /// A ← H · A for the `count` columns at `a`; v[0] = 1 stands where β does.
  private static func reflect(
    _ rows: Int, _ count: Int, _ a: Pointer, _ lda: Int, v: Pointer, _ step: Int, _ tau: Scalar,
    _ projection: inout [Scalar]
  ) {
    if tau == 0 || count <= 0 { return }
    projection.withUnsafeMutableBufferPointer { projection in
      guard let w = projection.baseAddress else { return }
      w.update(from: a, count: count)
      for i in 1..<max(1, rows) { Row.add(v[i * step], a + i * lda, to: w, count: count) }
      Row.add(-tau, w, to: a, count: count)
      for i in 1..<max(1, rows) { Row.add(-tau * v[i * step], w, to: a + i * lda, count: count) }
    }
  }
}
