import CTargetFeatures

/// The innermost loop of every matrix product: a tile of `rows` rows and `vectors` vectors of C, held in registers
/// while the loop runs down the depth of a block.
///
/// Every element of the tile is one lane's chain of multiply-adds in the order of k, and the update of C is vector
/// arithmetic too. What is computed for an element therefore depends neither on the tile's size nor on the element's
/// place in it.
///
/// The loops over rows stand in groups of four, which the compiler unrolls early enough to keep all sums in
/// registers; one loop over twelve rows would be unrolled too late, and the sums would live in memory.
enum MicroKernel<Vector: KernelVector, let rows: Int, let vectors: Int>
where Vector.Scalar: ProductScalar {
  typealias Scalar = Vector.Scalar
  typealias Tile = InlineArray<rows, InlineArray<vectors, Vector>>

  /// C ← α · A · B + β · C, where A and B are packed: element (i, p) of A is at `a[i + p · rows]`, and B's rows follow
  /// one another.
  @inline(never)
  static func packed(
    depth: Int, alpha: Scalar, a: UnsafePointer<Scalar>, b: UnsafePointer<Scalar>,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, cStep: Int, ahead: inout LinesAhead
  ) {
    let tile = sums(
      depth: depth, a: a, rowStep: 1, depthStep: rows, b: b, bStep: vectors &* Vector.scalarCount,
      inPairs: true, c, cStep, &ahead)
    update(c, step: cStep, alpha: alpha, with: tile, beta: beta)
  }

  /// C ← α · A · B + β · C, where element (i, p) of A is at `a[i + p · depthStep]`: packed, or stored transposed.
  @inline(never)
  static func columns(
    depth: Int, alpha: Scalar, a: UnsafePointer<Scalar>, depthStep: Int, b: UnsafePointer<Scalar>, bStep: Int,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, cStep: Int, ahead: inout LinesAhead
  ) {
    let tile = sums(
      depth: depth, a: a, rowStep: 1, depthStep: depthStep, b: b, bStep: bStep, inPairs: true, c, cStep,
      &ahead)
    update(c, step: cStep, alpha: alpha, with: tile, beta: beta)
  }

  /// C ← α · A · B + β · C, where element (i, p) of A is at `a[i · rowStep + p]`: as stored, row by row.
  @inline(never)
  static func rowMajor(
    depth: Int, alpha: Scalar, a: UnsafePointer<Scalar>, rowStep: Int, b: UnsafePointer<Scalar>, bStep: Int,
    beta: Scalar, c: UnsafeMutablePointer<Scalar>, cStep: Int, ahead: inout LinesAhead
  ) {
    let tile = sums(
      depth: depth, a: a, rowStep: rowStep, depthStep: 1, b: b, bStep: bStep, inPairs: false, c, cStep, &ahead
    )
    update(c, step: cStep, alpha: alpha, with: tile, beta: beta)
  }

  /// How often ``LinesAhead`` are fetched in a long tile.
  @inline(__always)
  static var fetches: Int { 4 }

  /// A · B. Meanwhile the tile of C and what comes next are fetched, a part at a time where the tile is long.
  @inline(__always)
  private static func sums(
    depth: Int, a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int, b: UnsafePointer<Scalar>, bStep: Int,
    inPairs: Bool, _ c: UnsafeMutablePointer<Scalar>, _ cStep: Int, _ ahead: inout LinesAhead
  ) -> Tile {
    // By closures: `init(repeating:)` is not inlined, and would hand the zeros over in memory.
    var sums = Tile { _ in InlineArray { _ in Vector() } }
    var (a, b, c) = (a, b, c)
    let isLong = depth >= 128
    let depthOfPart = isLong ? (depth / fetches &+ 2) & ~1 : depth
    let rowsOfPart = isLong ? (rows &+ fetches &- 1) / fetches : rows
    var left = depth
    var rowsLeft = rows
    while left > 0 {
      for _ in 0..<min(rowsOfPart, rowsLeft) {
        prefetch_for_writing(c)
        prefetch_for_writing(c + (vectors &* Vector.scalarCount &- 1))
        c += cStep
      }
      rowsLeft &-= min(rowsOfPart, rowsLeft)
      ahead.fetch()
      var count = min(depthOfPart, left)
      left &-= count
      // Two at a time save counts and jumps. More, or two where every row has an address of its own, would not fit the
      // registers.
      while inPairs, count > 1 {
        fetchAhead(a, b + 16 &* bStep, depthStep)
        fetchAhead(a + depthStep, b + 17 &* bStep, depthStep)
        add(a, rowStep, b, to: &sums)
        add(a + depthStep, rowStep, b + bStep, to: &sums)
        a += 2 &* depthStep
        b += 2 &* bStep
        count &-= 2
      }
      while count > 0 {
        if !inPairs { fetchAhead(nil, b + 16 &* bStep, depthStep) }
        add(a, rowStep, b, to: &sums)
        a += depthStep
        b += bStep
        count &-= 1
      }
    }
    return sums
  }

  /// Fetches a depth of B some way ahead, and of an A that is read column by column. A panel of the widest vectors is larger
  /// than the first-level cache, and not every processor brings it there in time by itself.
  @inline(__always)
  private static func fetchAhead(_ a: UnsafePointer<Scalar>?, _ b: UnsafePointer<Scalar>, _ depthStep: Int) {
    guard MemoryLayout<Vector>.size == 64 else { return }
    if let a { prefetch_for_reading_now(a + 16 &* depthStep) }
    for j in 0..<vectors { prefetch_for_reading_now(b + j &* Vector.scalarCount) }
  }

  /// Adds the products at one depth.
  @inline(__always)
  static func add(
    _ a: UnsafePointer<Scalar>, _ rowStep: Int, _ b: UnsafePointer<Scalar>,
    vectorStep: Int = Vector.scalarCount, to sums: inout Tile
  ) {
    var right = InlineArray<vectors, Vector>(repeating: Vector())
    for j in 0..<vectors {
      right[unchecked: j] = Vector(at: b + j &* vectorStep)
    }
    add(a, rowStep, right, to: &sums, from: 0)
    add(a, rowStep, right, to: &sums, from: 4)
    add(a, rowStep, right, to: &sums, from: 8)
  }

  /// Adds the products of four rows at one depth.
  @inline(__always)
  private static func add(
    _ a: UnsafePointer<Scalar>, _ rowStep: Int, _ right: InlineArray<vectors, Vector>, to sums: inout Tile,
    from first: Int
  ) {
    var i = first
    while i < min(first &+ 4, rows) {
      let left = Vector(repeating: a[i &* rowStep])
      for j in 0..<vectors {
        sums[unchecked: i][unchecked: j] = sums[unchecked: i][unchecked: j].plus(
          left, times: right[unchecked: j])
      }
      i &+= 1
    }
  }

  @inline(__always)
  static func update(
    _ c: UnsafeMutablePointer<Scalar>, step: Int, alpha: Scalar, with tile: Tile, beta: Scalar
  ) {
    let alpha = Vector(repeating: alpha)
    if beta == 0 {
      store(tile, alpha, c, step, from: 0)
      store(tile, alpha, c, step, from: 4)
      store(tile, alpha, c, step, from: 8)
    } else {
      let beta = Vector(repeating: beta)
      add(tile, alpha, beta, c, step, from: 0)
      add(tile, alpha, beta, c, step, from: 4)
      add(tile, alpha, beta, c, step, from: 8)
    }
  }

  /// Writes four rows of C without reading them.
  @inline(__always)
  static func store(
    _ tile: Tile, _ alpha: Vector, _ c: UnsafeMutablePointer<Scalar>, _ step: Int,
    vectorStep: Int = Vector.scalarCount, from first: Int
  ) {
    var i = first
    while i < min(first &+ 4, rows) {
      for j in 0..<vectors {
        (tile[unchecked: i][unchecked: j] * alpha).store(to: c + i &* step + j &* vectorStep)
      }
      i &+= 1
    }
  }

  /// Updates four rows of C.
  @inline(__always)
  private static func add(
    _ tile: Tile, _ alpha: Vector, _ beta: Vector, _ c: UnsafeMutablePointer<Scalar>, _ step: Int,
    from first: Int
  ) {
    var i = first
    while i < min(first &+ 4, rows) {
      for j in 0..<vectors {
        let target = c + i &* step + j &* Vector.scalarCount
        (Vector(at: target) * beta).plus(tile[unchecked: i][unchecked: j], times: alpha).store(to: target)
      }
      i &+= 1
    }
  }
}
