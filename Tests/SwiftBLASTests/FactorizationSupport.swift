import SwiftBLAS

/// A small row-major matrix of the factorization tests.
struct TestMatrix<T: Factorized> {
  var rows: Int
  var columns: Int
  var elements: [T]

  init(_ rows: Int, _ columns: Int, _ elements: [T]) {
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  /// Uniform in [-1, 1).
  static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Self {
    var random = SeededGenerator(seed: seed)
    return Self(rows, columns, random.numbers(rows * columns))
  }

  static func identity(_ n: Int) -> Self {
    Self(n, n, (0..<n * n).map { $0 % (n + 1) == 0 ? 1 : 0 })
  }

  subscript(row: Int, column: Int) -> T { elements[row * columns + column] }

  var transposed: Self {
    Self(columns, rows, (0..<rows * columns).map { self[$0 % max(rows, 1), $0 / max(rows, 1)] })
  }

  /// The Euclidean norm of the elements, in double precision.
  var norm: Double { elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }

  static func * (a: Self, b: Self) -> Self {
    var c = Self(a.rows, b.columns, Array(repeating: 0, count: a.rows * b.columns))
    naiveGemm(
      transposeA: false, transposeB: false, m: a.rows, n: b.columns, k: a.columns, alpha: 1, a: a.elements,
      lda: a.columns, b: b.elements, ldb: b.columns, beta: 0, c: &c.elements, ldc: b.columns)
    return c
  }

  static func - (a: Self, b: Self) -> Self {
    Self(a.rows, a.columns, zip(a.elements, b.elements).map { $0 - $1 })
  }
}

/// The precisions of the factorizations, each with the overloads of `SwiftBLAS` for it.
protocol Factorized: Precision {
  static func solve(_ a: TestMatrix<Self>, _ b: TestMatrix<Self>) -> (x: TestMatrix<Self>, zeroPivot: Int?)
  static func qr(_ a: TestMatrix<Self>) -> (q: TestMatrix<Self>, r: TestMatrix<Self>)
  static func svd(_ a: TestMatrix<Self>) -> (u: TestMatrix<Self>, s: [Self], vt: TestMatrix<Self>)?
  static func leastSquares(_ a: TestMatrix<Self>, _ b: TestMatrix<Self>) -> (x: TestMatrix<Self>, rank: Int)?
}

extension Float: Factorized {
  static func solve(_ a: TestMatrix<Self>, _ b: TestMatrix<Self>) -> (x: TestMatrix<Self>, zeroPivot: Int?) {
    var (factors, x) = (a.elements, b)
    let zero = SwiftBLAS.solve(
      n: a.rows, rightHandSides: b.columns, a: &factors, lda: a.columns, b: &x.elements, ldb: b.columns)
    return (x, zero)
  }

  static func qr(_ a: TestMatrix<Self>) -> (q: TestMatrix<Self>, r: TestMatrix<Self>) {
    let rank = min(a.rows, a.columns)
    var copy = a.elements
    var q = TestMatrix<Self>(a.rows, rank, Array(repeating: .nan, count: a.rows * rank))
    var r = TestMatrix<Self>(rank, a.columns, Array(repeating: .nan, count: rank * a.columns))
    SwiftBLAS.qr(
      rows: a.rows, columns: a.columns, a: &copy, lda: a.columns, q: &q.elements, ldq: rank, r: &r.elements,
      ldr: a.columns)
    return (q, r)
  }

  static func svd(_ a: TestMatrix<Self>) -> (u: TestMatrix<Self>, s: [Self], vt: TestMatrix<Self>)? {
    let rank = min(a.rows, a.columns)
    var u = TestMatrix<Self>(a.rows, rank, Array(repeating: .nan, count: a.rows * rank))
    var s = [Self](repeating: .nan, count: rank)
    var vt = TestMatrix<Self>(rank, a.columns, Array(repeating: .nan, count: rank * a.columns))
    let found = SwiftBLAS.svd(
      rows: a.rows, columns: a.columns, a: a.elements, lda: a.columns, u: &u.elements, ldu: rank, s: &s,
      vt: &vt.elements, ldvt: a.columns)
    return found ? (u, s, vt) : nil
  }

  static func leastSquares(_ a: TestMatrix<Self>, _ b: TestMatrix<Self>) -> (x: TestMatrix<Self>, rank: Int)?
  {
    var x = TestMatrix<Self>(a.columns, b.columns, Array(repeating: .nan, count: a.columns * b.columns))
    let rank = SwiftBLAS.leastSquares(
      rows: a.rows, columns: a.columns, rightHandSides: b.columns, a: a.elements, lda: a.columns,
      b: b.elements,
      ldb: b.columns, x: &x.elements, ldx: b.columns)
    return rank.map { (x, $0) }
  }
}

extension Double: Factorized {
  static func solve(_ a: TestMatrix<Self>, _ b: TestMatrix<Self>) -> (x: TestMatrix<Self>, zeroPivot: Int?) {
    var (factors, x) = (a.elements, b)
    let zero = SwiftBLAS.solve(
      n: a.rows, rightHandSides: b.columns, a: &factors, lda: a.columns, b: &x.elements, ldb: b.columns)
    return (x, zero)
  }

  static func qr(_ a: TestMatrix<Self>) -> (q: TestMatrix<Self>, r: TestMatrix<Self>) {
    let rank = min(a.rows, a.columns)
    var copy = a.elements
    var q = TestMatrix<Self>(a.rows, rank, Array(repeating: .nan, count: a.rows * rank))
    var r = TestMatrix<Self>(rank, a.columns, Array(repeating: .nan, count: rank * a.columns))
    SwiftBLAS.qr(
      rows: a.rows, columns: a.columns, a: &copy, lda: a.columns, q: &q.elements, ldq: rank, r: &r.elements,
      ldr: a.columns)
    return (q, r)
  }

  static func svd(_ a: TestMatrix<Self>) -> (u: TestMatrix<Self>, s: [Self], vt: TestMatrix<Self>)? {
    let rank = min(a.rows, a.columns)
    var u = TestMatrix<Self>(a.rows, rank, Array(repeating: .nan, count: a.rows * rank))
    var s = [Self](repeating: .nan, count: rank)
    var vt = TestMatrix<Self>(rank, a.columns, Array(repeating: .nan, count: rank * a.columns))
    let found = SwiftBLAS.svd(
      rows: a.rows, columns: a.columns, a: a.elements, lda: a.columns, u: &u.elements, ldu: rank, s: &s,
      vt: &vt.elements, ldvt: a.columns)
    return found ? (u, s, vt) : nil
  }

  static func leastSquares(_ a: TestMatrix<Self>, _ b: TestMatrix<Self>) -> (x: TestMatrix<Self>, rank: Int)?
  {
    var x = TestMatrix<Self>(a.columns, b.columns, Array(repeating: .nan, count: a.columns * b.columns))
    let rank = SwiftBLAS.leastSquares(
      rows: a.rows, columns: a.columns, rightHandSides: b.columns, a: a.elements, lda: a.columns,
      b: b.elements,
      ldb: b.columns, x: &x.elements, ldx: b.columns)
    return rank.map { (x, $0) }
  }
}
