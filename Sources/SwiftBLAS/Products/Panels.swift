import CTargetFeatures

extension BlockedProduct {
  /// A block of A times a block of B, added to a block of C.
  struct Block {
    var depth, height, width: Int
    var alpha, beta: Scalar
    var a, b: StridedMatrix<Scalar>
    var c: UnsafeMutablePointer<Scalar>
    var ldc: Int
    var packedA: UnsafeMutablePointer<Scalar>?
    var packedB: UnsafeMutablePointer<Scalar>
    /// Room for a tile of C that does not end with a whole vector.
    var tile: UnsafeMutablePointer<Scalar>
  }

  /// Where the panel of B from `column` on lies, and its step from one depth to the next.
  @inline(__always)
  static func panel(
    at column: Int, of block: Block, _ plan: BlockingPlan
  ) -> (UnsafePointer<Scalar>, step: Int) {
    let width = min(panel, block.width &- column)
    if plan.packsB {
      let place = plan.keepsA ? column % group : column
      return (UnsafePointer(block.packedB + place &* block.depth), padded(width))
    }
    if width % Vector.scalarCount == 0 { return (block.b.start + column, block.b.rowStep) }
    return (UnsafePointer(block.packedB), padded(width))
  }

  /// The lines of the tile of A from `row` on, to be fetched while all panels pass by the tile before.
  @inline(__always)
  static func tileAhead(_ block: Block, _ row: Int) -> LinesAhead {
    let count = min(rows, block.height &- row)
    if block.packedA != nil || count <= 0 { return LinesAhead() }
    let times = (block.width &+ panel &- 1) / panel &* rows
    let scalarBytes = MemoryLayout<Scalar>.stride
    if block.a.columnStep == 1 {
      return LinesAhead(
        block.a.pointer(row, 0), rows: count, bytes: block.depth &* scalarBytes,
        step: block.a.rowStep &* scalarBytes,
        times: times)
    }
    return LinesAhead(
      block.a.pointer(row &+ count &- 1, 0), rows: block.depth, bytes: 1,
      step: block.a.columnStep &* scalarBytes,
      times: times)
  }

  /// The lines of the panels of B after those at `column`.
  @inline(__always)
  static func panelsAhead(_ block: Block, _ plan: BlockingPlan, _ column: Int) -> LinesAhead {
    let next = column &+ (plan.packsB ? group : panel)
    let width = min(plan.packsB ? group : panel, block.width &- next)
    if width <= 0 { return LinesAhead() }
    let scalarBytes = MemoryLayout<Scalar>.stride
    let start = block.b.pointer(0, next)
    if block.b.columnStep == 1 {
      return LinesAhead(
        start, rows: block.depth, bytes: width &* scalarBytes, step: block.b.rowStep &* scalarBytes,
        times: block.height &* (next &- column) / panel)
    }
    return LinesAhead(
      start, rows: width, bytes: block.depth &* scalarBytes, step: block.b.columnStep &* scalarBytes,
      times: block.height &* (next &- column) / panel)
  }

  /// Columns packed at a time: reading four panels' worth of a row uses whole cache lines, which rows a power of two
  /// apart would drive out of the cache before the next panel comes to them.
  @inline(__always)
  static var group: Int { 4 &* panel }

  /// Packs the panels from `column` on when it is their turn to be; where B is used as it lies, a panel that ends within a
  /// vector.
  @inline(__always)
  static func packPanels(_ block: Block, _ plan: BlockingPlan, _ column: Int) {
    if plan.packsB {
      if column % group == 0 {
        packGroup(block, column, to: block.packedB + (plan.keepsA ? 0 : column &* block.depth))
      }
    } else if (block.width &- column) < panel, block.width % Vector.scalarCount != 0 {
      packPanel(block, column, block.width &- column, to: block.packedB)
    }
  }

  @inline(never)
  private static func packGroup(_ block: Block, _ column: Int, to target: UnsafeMutablePointer<Scalar>) {
    let columns = min(group, block.width &- column)
    if columns == group, block.b.columnStep == 1 {
      return copyGroup(block.b.start + column, block.b.rowStep, depth: block.depth, to: target)
    }
    var place = 0
    while place < columns {
      packPanel(block, column &+ place, min(panel, columns &- place), to: target + place &* block.depth)
      place &+= panel
    }
  }

  /// Packs `width` columns of a block of B, from `column` on.
  @inline(__always)
  private static func packPanel(
    _ block: Block, _ column: Int, _ width: Int, to target: UnsafeMutablePointer<Scalar>
  ) {
    Packing.pack(
      block.b.pointer(0, column), count: width, lineStep: block.b.columnStep, depth: block.depth,
      depthStep: block.b.rowStep, to: target, width: padded(width))
  }

  /// Packs four panels of a block that is in order already.
  @inline(__always)
  static func copyGroup(
    _ source: UnsafePointer<Scalar>, _ step: Int, depth: Int, to target: UnsafeMutablePointer<Scalar>
  ) {
    var row = source
    var target = target
    for _ in 0..<depth {
      for place in 0..<4 {
        for j in 0..<vectors {
          Vector(at: row + (place &* panel &+ j &* Vector.scalarCount))
            .store(to: target + (place &* panel &* depth &+ j &* Vector.scalarCount))
        }
      }
      row += step
      target += panel
    }
  }

  /// Packs a block of A that is stored transposed, some of its stored rows at a time for all tiles, so that each is read front
  /// to back.
  @inline(never)
  static func packTiles(_ block: Block) {
    guard let packedA = block.packedA else { return }
    let most = block.a.rowStep == 1 ? 8 : block.depth
    var first = 0
    while first < block.depth {
      let depth = min(most, block.depth &- first)
      var tiles = EvenTiles(height: block.height, most: rows)
      while let (row, count) = tiles.next() {
        Packing.pack(
          block.a.pointer(row, first), count: count, lineStep: block.a.rowStep, depth: depth,
          depthStep: block.a.columnStep,
          to: packedA + (row &* block.depth &+ first &* count), width: count)
      }
      first &+= depth
    }
  }
}
