/// y ← α · op(A) · x + β · y: A is read once, front to back, several rows at a time.
enum MatrixVectorProduct<Vector: KernelVector> where Vector.Scalar: ProductScalar {
  typealias Scalar = Vector.Scalar
  typealias Pointer = UnsafePointer<Scalar>

  @inline(__always)
  private static var width: Int { Vector.scalarCount }

  /// The arguments of `gemv`.
  static func multiply(
    _ transposed: Bool, _ rows: Int, _ columns: Int, _ alpha: Scalar, _ a: Pointer, _ lda: Int,
    _ x: Pointer, _ incx: Int, _ beta: Scalar, _ y: UnsafeMutablePointer<Scalar>, _ incy: Int
  ) {
    let (count, length) = transposed ? (columns, rows) : (rows, columns)
    guard count > 0 else { return }
    guard length > 0, alpha != 0 else {
      for i in 0..<count { y[i &* incy] = beta == 0 ? 0 : beta * y[i &* incy] }
      return
    }
    if !transposed, incx == 1 {
      multiplyRows(rows, columns, alpha, a, lda, x, beta, y, incy)
      return
    }
    if transposed, incy == 1, rows &* lda <= smallMatrix {
      multiplyColumns(rows, columns, alpha, a, lda, x, incx, beta, y)
      return
    }
    Workspace.withMemory(of: Scalar.self, count: transposed ? count : length) { scratch in
      if transposed {
        multiplyColumns(rows, columns, alpha, a, lda, x, incx, beta, y, incy, sums: scratch)
      } else {
        for j in 0..<length { scratch[j] = x[j &* incx] }
        multiplyRows(rows, columns, alpha, a, lda, scratch, beta, y, incy)
      }
    }
  }

  // MARK: As stored: one dot product a row

  private static func multiplyRows(
    _ rows: Int, _ columns: Int, _ alpha: Scalar, _ a: Pointer, _ lda: Int, _ x: Pointer, _ beta: Scalar,
    _ y: UnsafeMutablePointer<Scalar>, _ incy: Int
  ) {
    @inline(__always)
    func set<let count: Int>(_ row: Int, _ dots: InlineArray<count, Scalar>) {
      for i in 0..<count {
        let target = y + (row &+ i) &* incy
        target.pointee = beta == 0 ? alpha * dots[i] : multiplyAdd(beta * target.pointee, alpha, dots[i])
      }
    }
    var row = 0
    while row &+ 4 <= rows {
      set(row, dots(a + row &* lda, lda, x, columns) as InlineArray<4, Scalar>)
      row &+= 4
    }
    while row < rows {
      set(row, dots(a + row &* lda, lda, x, columns) as InlineArray<1, Scalar>)
      row &+= 1
    }
  }

  /// The dot products of `count` rows with x, each with two vectors of sums, whatever the count.
  @inline(__always)
  private static func dots<let count: Int>(
    _ a: Pointer, _ lda: Int, _ x: Pointer, _ columns: Int
  ) -> InlineArray<count, Scalar> {
    var even = InlineArray<count, Vector>(repeating: Vector())
    var odd = InlineArray<count, Vector>(repeating: Vector())
    var j = 0
    while j &+ 2 &* width <= columns {
      let x0 = Vector(at: x + j)
      let x1 = Vector(at: x + (j &+ width))
      for i in 0..<count {
        let row = a + (i &* lda &+ j)
        even[unchecked: i] = even[unchecked: i].plus(Vector(at: row), times: x0)
        odd[unchecked: i] = odd[unchecked: i].plus(Vector(at: row + width), times: x1)
      }
      j &+= 2 &* width
    }
    if j &+ width <= columns {
      let x0 = Vector(at: x + j)
      for i in 0..<count {
        even[unchecked: i] = even[unchecked: i].plus(Vector(at: a + (i &* lda &+ j)), times: x0)
      }
      j &+= width
    }
    var result = InlineArray<count, Scalar>(repeating: 0)
    for i in 0..<count { result[unchecked: i] = (even[unchecked: i] + odd[unchecked: i]).pairwiseSum }
    while j < columns {
      for i in 0..<count {
        result[unchecked: i] = multiplyAdd(result[unchecked: i], a[i &* lda &+ j], x[j])
      }
      j &+= 1
    }
    return result
  }

  // MARK: Transposed: sums of scaled rows

  /// Elements of a matrix that stays in the first-level cache while it is read column by column.
  @inline(__always)
  private static var smallMatrix: Int { (32 << 10) / MemoryLayout<Scalar>.stride }

  /// A small matrix: as many columns at a time as four vectors hold, their sums in registers.
  private static func multiplyColumns(
    _ rows: Int, _ columns: Int, _ alpha: Scalar, _ a: Pointer, _ lda: Int, _ x: Pointer, _ incx: Int,
    _ beta: Scalar, _ y: UnsafeMutablePointer<Scalar>
  ) {
    @inline(__always)
    func set<let count: Int>(_ j: Int, _ zeros: InlineArray<count, Vector>) {
      var sums = zeros
      for i in 0..<rows {
        let factor = Vector(repeating: x[i &* incx])
        for v in 0..<count {
          let row = a + (i &* lda &+ j &+ v &* width)
          sums[unchecked: v] = sums[unchecked: v].plus(Vector(at: row), times: factor)
        }
      }
      let (alpha, betas) = (Vector(repeating: alpha), Vector(repeating: beta))
      for v in 0..<count {
        let target = y + (j &+ v &* width)
        if beta == 0 {
          (sums[unchecked: v] * alpha).store(to: target)
        } else {
          (Vector(at: target) * betas).plus(alpha, times: sums[unchecked: v]).store(to: target)
        }
      }
    }
    var j = 0
    while j &+ 4 &* width <= columns {
      set(j, InlineArray<4, Vector>(repeating: Vector()))
      j &+= 4 &* width
    }
    while j &+ width <= columns {
      set(j, InlineArray<1, Vector>(repeating: Vector()))
      j &+= width
    }
    while j < columns {
      var sum: Scalar = 0
      for i in 0..<rows { sum = multiplyAdd(sum, a[i &* lda &+ j], x[i &* incx]) }
      y[j] = beta == 0 ? alpha * sum : multiplyAdd(beta * y[j], alpha, sum)
      j &+= 1
    }
  }

  /// A matrix of any size: several rows at a time, front to back, the sums in memory.
  private static func multiplyColumns(
    _ rows: Int, _ columns: Int, _ alpha: Scalar, _ a: Pointer, _ lda: Int, _ x: Pointer, _ incx: Int,
    _ beta: Scalar, _ y: UnsafeMutablePointer<Scalar>, _ incy: Int, sums: UnsafeMutablePointer<Scalar>
  ) {
    sums.update(repeating: 0, count: columns)
    var row = 0
    while row &+ 8 <= rows {
      add(a + row &* lda, lda, x + row &* incx, incx, columns, to: sums, InlineArray<8, Scalar>(repeating: 0))
      row &+= 8
    }
    if row &+ 4 <= rows {
      add(a + row &* lda, lda, x + row &* incx, incx, columns, to: sums, InlineArray<4, Scalar>(repeating: 0))
      row &+= 4
    }
    while row < rows {
      add(a + row &* lda, lda, x + row &* incx, incx, columns, to: sums, InlineArray<1, Scalar>(repeating: 0))
      row &+= 1
    }
    for j in 0..<columns {
      let target = y + j &* incy
      target.pointee = beta == 0 ? alpha * sums[j] : multiplyAdd(beta * target.pointee, alpha, sums[j])
    }
  }

  /// Adds `count` rows, each times its element of x, to the sums, one row after the other.
  @inline(__always)
  private static func add<let count: Int>(
    _ a: Pointer, _ lda: Int, _ x: Pointer, _ incx: Int, _ columns: Int,
    to sums: UnsafeMutablePointer<Scalar>,
    _ zeros: InlineArray<count, Scalar>
  ) {
    var factors = zeros
    for i in 0..<count { factors[unchecked: i] = x[i &* incx] }
    var j = 0
    while j &+ width <= columns {
      var sum = Vector(at: sums + j)
      for i in 0..<count {
        sum = sum.plus(Vector(at: a + (i &* lda &+ j)), times: Vector(repeating: factors[unchecked: i]))
      }
      sum.store(to: sums + j)
      j &+= width
    }
    while j < columns {
      for i in 0..<count { sums[j] = multiplyAdd(sums[j], a[i &* lda &+ j], factors[unchecked: i]) }
      j &+= 1
    }
  }
}
