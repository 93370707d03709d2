/// C ← α · A · B + β · C for views that may be transposes.
struct Product<Scalar: ProductScalar> {
  var m, n, k: Int
  var alpha: Scalar
  var a: StridedMatrix<Scalar>
  var b: StridedMatrix<Scalar>
  var beta: Scalar
  var c: UnsafeMutablePointer<Scalar>
  var ldc: Int
}

/// The five loops around the micro-kernel.
///
/// In order of priority: results that do not depend on how a caller cuts C into parts, speed on the shapes of
/// neural networks, readability. After Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication"
/// (2008), and Van Zee and van de Geijn, "BLIS" (2015): columns of B, depth, rows of A, and then panels of B and tiles of A,
/// in the order in which one of the two stays in the second-level cache.
enum BlockedProduct<Vector: KernelVector, let rows: Int, let vectors: Int>
where Vector.Scalar: ProductScalar {
  typealias Scalar = Vector.Scalar

  /// Columns of a panel of B.
  @inline(__always)
  static var panel: Int { vectors &* Vector.scalarCount }

  /// `count`, rounded up to whole vectors.
  @inline(__always)
  static func padded(_ count: Int) -> Int {
    (count &+ Vector.scalarCount &- 1) & ~(Vector.scalarCount &- 1)
  }

  static func multiply(_ product: Product<Scalar>) {
    let (m, n, k) = (product.m, product.n, product.k)
    guard m > 0, n > 0 else { return }
    guard k > 0, product.alpha != 0 else { return scale(product) }
    if k <= ShallowProduct<Vector>.greatestDepth { return ShallowProduct<Vector>.multiply(product) }
    if n * 4 <= Vector.scalarCount, n < m { return multiplyTransposed(product) }
    // A few rows by the transpose of a large matrix: to turn the rows and C costs less than to pack the matrix.
    if product.b.columnStep != 1, m >= Vector.scalarCount, m <= 32, 4 * m <= n, 16 * m <= k {
      return multiplyTransposed(product)
    }
    let plan = BlockingPlan(product, tile: rows, panel: panel)
    let hasPartialVector = n % Vector.scalarCount != 0
    let countA = plan.packsA ? min(plan.rows, m) * plan.depth : 0
    let packedColumns =
      plan.packsB ? min(plan.keepsA ? plan.group : plan.columns, n) : hasPartialVector ? panel : 0
    let countB = padded(packedColumns) * plan.depth
    let countC = hasPartialVector ? rows * panel : 0
    if countA + countB + countC == 0 {
      multiply(product, plan, packedA: product.c, packedB: product.c, tile: product.c)
      return
    }
    Workspace.withMemory(of: Scalar.self, count: countA + countB + countC) { scratch in
      // Panels of B first: there the alignment of whole vectors counts.
      multiply(product, plan, packedA: scratch + countB, packedB: scratch, tile: scratch + (countA + countB))
    }
  }

  /// Cᵀ = Bᵀ · Aᵀ: where few columns would leave most lanes idle this fills them. The arithmetic of each element is the same.
  private static func multiplyTransposed(_ product: Product<Scalar>) {
    let (m, n, ldc) = (product.m, product.n, product.ldc)
    Workspace.withMemory(of: Scalar.self, count: m * n) { turned in
      if product.beta != 0 {
        Packing.transpose(product.c, count: m, lineStep: ldc, depth: n, to: turned, width: m)
      }
      multiply(
        Product(
          m: n, n: m, k: product.k, alpha: product.alpha, a: product.b.transposed, b: product.a.transposed,
          beta: product.beta, c: turned, ldc: m))
      Packing.transpose(turned, count: n, lineStep: m, depth: m, to: product.c, width: ldc)
    }
  }

  /// C ← β · C.
  private static func scale(_ product: Product<Scalar>) {
    if product.beta == 1 { return }
    for i in 0..<product.m {
      let row = product.c + i * product.ldc
      for j in 0..<product.n { row[j] = product.beta == 0 ? 0 : product.beta * row[j] }
    }
  }

  private static func multiply(
    _ product: Product<Scalar>, _ plan: BlockingPlan, packedA: UnsafeMutablePointer<Scalar>,
    packedB: UnsafeMutablePointer<Scalar>, tile: UnsafeMutablePointer<Scalar>
  ) {
    let (a, b) = (product.a, product.b)
    var block = Block(
      depth: 0, height: product.m, width: 0, alpha: product.alpha, beta: product.beta, a: a, b: b,
      c: product.c, ldc: product.ldc, packedA: plan.packsA ? packedA : nil, packedB: packedB, tile: tile)
    var column = 0
    while column < product.n {
      block.width = min(plan.columns, product.n &- column)
      block.c = product.c + column
      let nextColumn = column &+ block.width
      var depth = 0
      while depth < product.k {
        block.depth = min(plan.depth, product.k &- depth)
        block.beta = depth == 0 ? product.beta : 1
        block.a.start = a.pointer(0, depth)
        block.b.start = b.pointer(depth, column)
        depth &+= block.depth
        block.next =
          depth < product.k
          ? (a.pointer(0, depth), b.pointer(depth, column))
          : nextColumn < product.n ? (a.start, b.pointer(0, nextColumn)) : nil
        block.multiply(plan)
      }
      column = nextColumn
    }
  }
}
