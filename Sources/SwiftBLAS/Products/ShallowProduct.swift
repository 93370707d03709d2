import CTargetFeatures

/// C ← α · A · B + β · C for a k of a few: writing C is most of the work, so that it is written row by row, front to
/// back, and nothing is kept in registers but one vector.
///
/// The arithmetic of an element is the micro-kernel's.
enum ShallowProduct<Vector: KernelVector> where Vector.Scalar: ProductScalar {
  typealias Scalar = Vector.Scalar

  /// From this depth on, keeping a tile in registers pays.
  @inline(__always)
  static var greatestDepth: Int { 3 }

  static func multiply(_ product: Product<Scalar>) {
    if product.b.columnStep == 1 {
      multiplyRows(product)
      return
    }
    let (n, k) = (product.n, product.k)
    Workspace.withMemory(of: Scalar.self, count: n &* k) { rows in
      for p in 0..<k {
        for j in 0..<n { rows[p &* n &+ j] = product.b.pointer(p, j).pointee }
      }
      var copy = product
      copy.b = StridedMatrix(rows, step: n, transposed: false)
      multiplyRows(copy)
    }
  }

  @inline(__always)
  private static func multiplyRows(_ product: Product<Scalar>) {
    switch product.k {
    case 1: multiplyRows(product, InlineArray<1, Scalar>(repeating: 0))
    case 2: multiplyRows(product, InlineArray<2, Scalar>(repeating: 0))
    default: multiplyRows(product, InlineArray<3, Scalar>(repeating: 0))
    }
  }

  /// How many vectors ahead C is fetched. A processor does so by itself, but hardly for lines that are written too.
  @inline(__always)
  private static var fetchedAhead: Int { 32 }

  @inline(__always)
  private static func multiplyRows<let depth: Int>(
    _ product: Product<Scalar>, _ zeros: InlineArray<depth, Scalar>
  ) {
    let (alpha, beta, n) = (product.alpha, product.beta, product.n)
    let overwrites = beta == 0
    let (alphas, betas) = (Vector(repeating: alpha), Vector(repeating: beta))
    let whole = n & ~(Vector.scalarCount &- 1)
    let (b, step) = (product.b.start, product.b.rowStep)
    var factors = zeros
    for i in 0..<product.m {
      for p in 0..<depth { factors[unchecked: p] = product.a.pointer(i, p).pointee }
      let row = product.c + i &* product.ldc
      var j = 0
      while j < whole {
        prefetch_for_writing(row + (j &+ fetchedAhead &* Vector.scalarCount))
        var sum = Vector()
        for p in 0..<depth {
          sum = sum.plus(Vector(repeating: factors[unchecked: p]), times: Vector(at: b + (p &* step &+ j)))
        }
        if overwrites {
          (sum * alphas).store(to: row + j)
        } else {
          (Vector(at: row + j) * betas).plus(sum, times: alphas).store(to: row + j)
        }
        j &+= Vector.scalarCount
      }
      while j < n {
        var sum: Scalar = 0
        for p in 0..<depth { sum = multiplyAdd(sum, factors[unchecked: p], b[p &* step &+ j]) }
        row[j] = overwrites ? sum * alpha : multiplyAdd(row[j] * beta, sum, alpha)
        j &+= 1
      }
    }
  }
}
