/// y ← α · op(A) · x + β · y: A is read once, front to back, several rows at a time.
enum MatrixVectorProduct<Vector: KernelVector> where Vector.Scalar: ProductScalar {
  typealias Scalar = Vector.Scalar
  typealias Pointer = UnsafePointer<Scalar>
  /// What the last few elements of a row, less than a vector, are taken by.
  typealias Quad = SIMD4<Scalar>

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
      scale(y, count: count, incy, by: beta)
      return
    }
    if !transposed, incx == 1 {
      multiplyRows(rows, columns, alpha, a, lda, x, beta, y, incy)
      return
    }
    if transposed, incy == 1 {
      scale(y, count: count, incy, by: beta)
      addRows(rows, columns, alpha, a, lda, x, incx, to: y)
      return
    }
    Workspace.withMemory(of: Scalar.self, count: transposed ? count : length) { scratch in
      if transposed {
        scale(scratch, count: count, 1, by: 0)
        addRows(rows, columns, alpha, a, lda, x, incx, to: scratch)
        scale(y, count: count, incy, by: beta)
        for j in 0..<count { y[j &* incy] += scratch[j] }
      } else {
        for j in 0..<length { scratch[j] = x[j &* incx] }
        multiplyRows(rows, columns, alpha, a, lda, scratch, beta, y, incy)
      }
    }
  }

  /// y ← β · y; for β = 0 without reading y.
  private static func scale(_ y: UnsafeMutablePointer<Scalar>, count: Int, _ incy: Int, by beta: Scalar) {
    if beta == 1 { return }
    if beta == 0, incy == 1 { return y.update(repeating: 0, count: count) }
    for i in 0..<count { y[i &* incy] = beta == 0 ? 0 : beta * y[i &* incy] }
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
    while j &+ 4 <= columns {
      let x0 = Quad(at: x + j)
      for i in 0..<count {
        result[unchecked: i] += (Quad(at: a + (i &* lda &+ j)) * x0).pairwiseSum
      }
      j &+= 4
    }
    while j < columns {
      for i in 0..<count {
        result[unchecked: i] = multiplyAdd(result[unchecked: i], a[i &* lda &+ j], x[j])
      }
      j &+= 1
    }
    return result
  }

  // MARK: Transposed: sums of scaled rows

  /// Adds all rows, each times its element of x and α, to the sums: four at a time, front to back. More rows would drive
  /// each other out of the first-level cache where they lie a power of two apart.
  private static func addRows(
    _ rows: Int, _ columns: Int, _ alpha: Scalar, _ a: Pointer, _ lda: Int, _ x: Pointer, _ incx: Int,
    to sums: UnsafeMutablePointer<Scalar>
  ) {
    @inline(__always)
    func add<let count: Int>(_ row: Int, _ zeros: InlineArray<count, Scalar>) {
      var factors = zeros
      for i in 0..<count { factors[unchecked: i] = alpha * x[(row &+ i) &* incx] }
      self.add(a + row &* lda, lda, columns, factors, to: sums)
    }
    var row = 0
    while row &+ 4 <= rows {
      add(row, InlineArray<4, Scalar>(repeating: 0))
      row &+= 4
    }
    while row < rows {
      add(row, InlineArray<1, Scalar>(repeating: 0))
      row &+= 1
    }
  }

  /// Adds `count` rows, each times its factor, to the sums, one row after the other.
  @inline(__always)
  private static func add<let count: Int>(
    _ a: Pointer, _ lda: Int, _ columns: Int, _ factors: InlineArray<count, Scalar>,
    to sums: UnsafeMutablePointer<Scalar>
  ) {
    var j = 0
    while j &+ 4 &* width <= columns {
      add(a + j, lda, factors, to: sums + j, InlineArray<4, Vector>(repeating: Vector()))
      j &+= 4 &* width
    }
    while j &+ width <= columns {
      add(a + j, lda, factors, to: sums + j, InlineArray<1, Vector>(repeating: Vector()))
      j &+= width
    }
    while j &+ 4 <= columns {
      add(a + j, lda, factors, to: sums + j, InlineArray<1, Quad>(repeating: Quad()))
      j &+= 4
    }
    while j < columns {
      for i in 0..<count { sums[j] = multiplyAdd(sums[j], a[i &* lda &+ j], factors[unchecked: i]) }
      j &+= 1
    }
  }

  /// Adds some vectors of `count` rows, each times its factor, to the sums.
  @inline(__always)
  private static func add<let count: Int, let vectors: Int, Lanes: KernelVector>(
    _ a: Pointer, _ lda: Int, _ factors: InlineArray<count, Scalar>, to sums: UnsafeMutablePointer<Scalar>,
    _ zeros: InlineArray<vectors, Lanes>
  ) where Lanes.Scalar == Scalar {
    let width = Lanes.scalarCount
    var total = zeros
    for v in 0..<vectors { total[unchecked: v] = Lanes(at: sums + v &* width) }
    for i in 0..<count {
      let row = a + i &* lda
      let factor = Lanes(repeating: factors[unchecked: i])
      for v in 0..<vectors {
        total[unchecked: v] = total[unchecked: v].plus(Lanes(at: row + v &* width), times: factor)
      }
    }
    for v in 0..<vectors { total[unchecked: v].store(to: sums + v &* width) }
  }
}
