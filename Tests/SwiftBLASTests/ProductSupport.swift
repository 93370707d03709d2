import SwiftBLAS

/// The precisions the products come in, each with the overloads of `SwiftBLAS` for it.
protocol Precision: BinaryFloatingPoint, Sendable {
  static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ alpha: Self, _ a: [Self], _ lda: Int, _ b: [Self], _ ldb: Int, _ beta: Self, _ c: inout [Self],
    _ ldc: Int)
  static func gemv(
    _ transposed: Bool, _ rows: Int, _ columns: Int, _ alpha: Self, _ a: [Self], _ lda: Int,
    _ x: [Self], _ incx: Int, _ beta: Self, _ y: inout [Self], _ incy: Int)
  static func ger(
    _ rows: Int, _ columns: Int, _ alpha: Self, _ x: [Self], _ incx: Int, _ y: [Self], _ incy: Int,
    _ a: inout [Self], _ lda: Int)
}

extension Float: Precision {
  static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ alpha: Self, _ a: [Self], _ lda: Int, _ b: [Self], _ ldb: Int, _ beta: Self, _ c: inout [Self],
    _ ldc: Int
  ) {
    SwiftBLAS.gemm(
      transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b,
      ldb: ldb,
      beta: beta, c: &c, ldc: ldc)
  }

  static func gemv(
    _ transposed: Bool, _ rows: Int, _ columns: Int, _ alpha: Self, _ a: [Self], _ lda: Int,
    _ x: [Self], _ incx: Int, _ beta: Self, _ y: inout [Self], _ incy: Int
  ) {
    SwiftBLAS.gemv(
      transposed: transposed, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx,
      beta: beta, y: &y, incy: incy)
  }

  static func ger(
    _ rows: Int, _ columns: Int, _ alpha: Self, _ x: [Self], _ incx: Int, _ y: [Self], _ incy: Int,
    _ a: inout [Self], _ lda: Int
  ) {
    SwiftBLAS.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: &a, lda: lda)
  }
}

extension Double: Precision {
  static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ alpha: Self, _ a: [Self], _ lda: Int, _ b: [Self], _ ldb: Int, _ beta: Self, _ c: inout [Self],
    _ ldc: Int
  ) {
    SwiftBLAS.gemm(
      transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a: a, lda: lda, b: b,
      ldb: ldb,
      beta: beta, c: &c, ldc: ldc)
  }

  static func gemv(
    _ transposed: Bool, _ rows: Int, _ columns: Int, _ alpha: Self, _ a: [Self], _ lda: Int,
    _ x: [Self], _ incx: Int, _ beta: Self, _ y: inout [Self], _ incy: Int
  ) {
    SwiftBLAS.gemv(
      transposed: transposed, rows: rows, columns: columns, alpha: alpha, a: a, lda: lda, x: x, incx: incx,
      beta: beta, y: &y, incy: incy)
  }

  static func ger(
    _ rows: Int, _ columns: Int, _ alpha: Self, _ x: [Self], _ incx: Int, _ y: [Self], _ incy: Int,
    _ a: inout [Self], _ lda: Int
  ) {
    SwiftBLAS.ger(
      rows: rows, columns: columns, alpha: alpha, x: x, incx: incx, y: y, incy: incy, a: &a, lda: lda)
  }
}

/// SplitMix64: a stream of random numbers a failing test can be repeated with.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// `count` numbers of [-1, 1).
  mutating func numbers<T: Precision>(_ count: Int, as type: T.Type = T.self) -> [T] {
    (0..<count).map { _ in T(Float(Int32(truncatingIfNeeded: next() >> 40) - (1 << 23)) / Float(1 << 23)) }
  }

  /// Rows of numbers of [-1, 1) with NaN between them, down to the last row's last element.
  mutating func matrix<T: Precision>(rows: Int, columns: Int, step: Int) -> [T] {
    var elements: [T] = numbers(max(0, (rows - 1) * step + columns))
    for index in elements.indices where index % step >= columns { elements[index] = .nan }
    return elements
  }
}

/// Whether two results have the same bits; NaN equals NaN.
func isIdentical<T: Precision>(_ a: T, _ b: T) -> Bool { a == b ? a.sign == b.sign : a.isNaN && b.isNaN }
