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
/// (2008), and Van Zee and van de Geijn, "BLIS" (2015): columns of B, depth, rows of A, panels of B, tiles of C.
enum BlockedProduct<Vector: KernelVector, let rows: Int, let vectors: Int>
where Vector.Scalar: ProductScalar {
  typealias Scalar = Vector.Scalar

  /// Columns of a panel of B.
  @inline(__always)
  private static var panel: Int { vectors &* Vector.scalarCount }

  /// `count`, rounded up to whole vectors.
  @inline(__always)
  private static func padded(_ count: Int) -> Int {
    (count &+ Vector.scalarCount &- 1) & ~(Vector.scalarCount &- 1)
  }

  static func multiply(_ product: Product<Scalar>) {
    let (m, n, k) = (product.m, product.n, product.k)
    guard m > 0, n > 0 else { return }
    guard k > 0, product.alpha != 0 else { return scale(product) }
    if n * 4 <= Vector.scalarCount, n < m { return multiplyTransposed(product) }

    let packsA = n > 384 || m > 384
    let packsB = m > 48 || product.b.columnStep != 1
    let blocking = Blocking(
      m: m, n: n, k: k, panelBytes: panel * MemoryLayout<Scalar>.stride, scalarBytes: MemoryLayout<Scalar>.stride)
    let countA = packsA ? blocking.rows * blocking.depth : 0
    let countB = blocking.depth * (packsB ? padded(blocking.columns) : n % Vector.scalarCount == 0 ? 0 : panel)
    let countC = n % Vector.scalarCount == 0 ? 0 : rows * panel
    if countA + countB + countC == 0 {
      multiply(product, blocking, packsA: false, packsB: false, scratch: product.c)
      return
    }
    Workspace.withMemory(of: Scalar.self, count: countA + countB + countC) { scratch in
      multiply(product, blocking, packsA: packsA, packsB: packsB, scratch: scratch)
    }
  }

  /// Where few columns would leave most lanes idle, Cᵀ = Bᵀ · Aᵀ fills them; the arithmetic of each element is the same.
  private static func multiplyTransposed(_ product: Product<Scalar>) {
    let (m, n, ldc) = (product.m, product.n, product.ldc)
    Workspace.withMemory(of: Scalar.self, count: m * n) { turned in
      if product.beta != 0 {
        for j in 0..<n {
          for i in 0..<m { turned[j &* m &+ i] = product.c[i &* ldc &+ j] }
        }
      }
      multiply(
        Product(
          m: n, n: m, k: product.k, alpha: product.alpha, a: product.b.transposed, b: product.a.transposed,
          beta: product.beta, c: turned, ldc: m))
      for j in 0..<n {
        for i in 0..<m { product.c[i &* ldc &+ j] = turned[j &* m &+ i] }
      }
    }
  }

  /// C ← β · C.
  private static func scale(_ product: Product<Scalar>) {
    for i in 0..<product.m {
      let row = product.c + i * product.ldc
      for j in 0..<product.n { row[j] = product.beta == 0 ? 0 : product.beta * row[j] }
    }
  }

  private static func multiply(
    _ product: Product<Scalar>, _ blocking: Blocking, packsA: Bool, packsB: Bool,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    let packedA = scratch
    let packedB = packedA + (packsA ? blocking.rows * blocking.depth : 0)
    let (a, b) = (product.a, product.b)
    var firstColumn = 0
    while firstColumn < product.n {
      let columns = min(blocking.columns, product.n - firstColumn)
      let tail = columns % Vector.scalarCount
      let tile = packedB + blocking.depth * (packsB ? padded(columns) : tail == 0 ? 0 : panel)
      var firstDepth = 0
      while firstDepth < product.k {
        let depth = min(blocking.depth, product.k - firstDepth)
        let beta = firstDepth == 0 ? product.beta : 1
        let bottom = b.pointer(firstDepth, firstColumn)
        var packedFrom = 0
        if !packsB { packedFrom = tail == 0 ? columns : (columns - 1) / panel * panel }
        packPanels(bottom, from: packedFrom, to: columns, depth: depth, b, into: packedB)

        var firstRow = 0
        while firstRow < product.m {
          let height = min(blocking.rows, product.m - firstRow)
          var left = a
          left.start = a.pointer(firstRow, firstDepth)
          if packsA { packTiles(left, height: height, depth: depth, into: packedA) }
          let target = product.c + (firstRow * product.ldc + firstColumn)
          var column = 0
          while column < columns {
            let width = min(panel, columns - column)
            let isPacked = column >= packedFrom
            let right = isPacked ? UnsafePointer(packedB + (column - packedFrom) * depth) : bottom + column
            let rightStep = isPacked ? padded(width) : b.rowStep
            multiplyPanel(
              height: height, width: width, depth: depth, alpha: product.alpha,
              a: packsA ? nil : left, packedA: packedA, b: right, bStep: rightStep, beta: beta,
              c: target + column, ldc: product.ldc, tile: tile)
            column += panel
          }
          firstRow += height
        }
        firstDepth += depth
      }
      firstColumn += columns
    }
  }

  /// Packs columns `first` to `end` of a block of B, panel after panel.
  @inline(never)
  private static func packPanels(
    _ block: UnsafePointer<Scalar>, from first: Int, to end: Int, depth: Int, _ b: StridedMatrix<Scalar>,
    into packed: UnsafeMutablePointer<Scalar>
  ) {
    var column = first
    while column < end {
      let width = min(panel, end - column)
      let source = block + column * b.columnStep
      let target = packed + (column - first) * depth
      if width == panel, b.columnStep == 1 {
        Packing.copyRows(source, step: b.rowStep, rows: depth, count: panel, to: target, step: panel)
      } else {
        Packing.pack(
          source, count: width, lineStep: b.columnStep, depth: depth, depthStep: b.rowStep,
          to: target, width: padded(width))
      }
      column += panel
    }
  }

  /// Packs a block of A, tile after tile.
  @inline(never)
  private static func packTiles(
    _ a: StridedMatrix<Scalar>, height: Int, depth: Int, into packed: UnsafeMutablePointer<Scalar>
  ) {
    var tiles = EvenTiles(height: height, most: rows)
    while let (row, count) = tiles.next() {
      Packing.pack(
        a.pointer(row, 0), count: count, lineStep: a.rowStep, depth: depth, depthStep: a.columnStep,
        to: packed + row * depth, width: count)
    }
  }

  /// One panel of B against all tiles of a block of A.
  @inline(__always)
  private static func multiplyPanel(
    height: Int, width: Int, depth: Int, alpha: Scalar, a: StridedMatrix<Scalar>?,
    packedA: UnsafePointer<Scalar>, b: UnsafePointer<Scalar>, bStep: Int,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, ldc: Int, tile: UnsafeMutablePointer<Scalar>
  ) {
    let isWhole = width % Vector.scalarCount == 0
    let vectorCount = padded(width) / Vector.scalarCount
    let tileStep = vectorCount &* Vector.scalarCount
    var tiles = EvenTiles(height: height, most: rows)
    while let (row, count) = tiles.next() {
      let target = c + row &* ldc
      if !isWhole, beta != 0 {
        Packing.copyRows(target, step: ldc, rows: count, count: width, to: tile, step: tileStep)
      }
      let call = TileCall(
        depth: depth, alpha: alpha, a: a?.pointer(row, 0) ?? (packedA + row &* depth),
        rowStep: a?.rowStep ?? 1, depthStep: a?.columnStep ?? count, b: b, bStep: bStep,
        beta: beta, c: isWhole ? target : tile, cStep: isWhole ? ldc : tileStep)
      multiplyTile(rowCount: count, vectorCount: vectorCount, call)
      if !isWhole {
        Packing.copyRows(tile, step: tileStep, rows: count, count: width, to: target, step: ldc)
      }
    }
  }

  /// The kernel for a tile's number of rows.
  @inline(__always)
  private static func multiplyTile(rowCount: Int, vectorCount: Int, _ call: TileCall<Scalar>) {
    switch rowCount {
    case 1: TileRows<Vector, 1>.run(vectorCount, call)
    case 2: TileRows<Vector, 2>.run(vectorCount, call)
    case 3: TileRows<Vector, 3>.run(vectorCount, call)
    case 4: TileRows<Vector, 4>.run(vectorCount, call)
    case 5: TileRows<Vector, 5>.run(vectorCount, call)
    case 6: TileRows<Vector, 6>.run(vectorCount, call)
    default:
      guard rows > 6 else { return }
      switch rowCount {
      case 7: TileRows<Vector, 7>.run(vectorCount, call)
      case 8: TileRows<Vector, 8>.run(vectorCount, call)
      case 9: TileRows<Vector, 9>.run(vectorCount, call)
      case 10: TileRows<Vector, 10>.run(vectorCount, call)
      case 11: TileRows<Vector, 11>.run(vectorCount, call)
      default: TileRows<Vector, 12>.run(vectorCount, call)
      }
    }
  }
}
