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

  /// Where the panel of B from `column` on lies, and its step from one depth to the next; packs it if it is time to.
  @inline(__always)
  static func panel(
    at column: Int, of block: Block, _ plan: BlockingPlan
  ) -> (UnsafePointer<Scalar>, step: Int) {
    let width = min(panel, block.width &- column)
    if plan.packsB {
      let place = plan.packsAhead ? column : column % group
      if place == 0, !plan.packsAhead { packPanels(block, column, min(group, block.width &- column)) }
      return (UnsafePointer(block.packedB + place &* block.depth), padded(width))
    }
    if width % Vector.scalarCount == 0 { return (block.b.start + column, block.b.rowStep) }
    packPanels(block, column, width)
    return (UnsafePointer(block.packedB), padded(width))
  }

  /// The panel after the one in use, fetched into the second-level cache a part with every tile: where B does not fit
  /// there, the first tile of each panel would else wait for it.
  struct NextPanel {
    private static var line: Int { 64 / MemoryLayout<Scalar>.stride }

    private var address: UnsafePointer<Scalar>
    private let lines: Int

    /// Nothing where the next panel is not packed yet, or is close by.
    @inline(__always)
    init?(after column: Int, of block: Block, _ plan: BlockingPlan) {
      guard plan.packsAhead, column &+ panel < block.width else { return nil }
      address = UnsafePointer(block.packedB + (column &+ panel) &* block.depth)
      lines = (panel &* block.depth &* rows) / (block.height &* Self.line) &+ 1
    }

    @inline(__always)
    mutating func fetchPart() {
      for _ in 0..<lines {
        prefetch_for_reading(address)
        address += Self.line
      }
    }
  }

  /// Columns packed at a time: reading four panels' worth of a row uses whole cache lines, which rows a power of two
  /// apart would drive out of the cache before the next panel comes to them.
  @inline(__always)
  static var group: Int { 4 &* panel }

  /// Packs `width` columns of a block of B, panel after panel.
  @inline(never)
  static func packPanels(_ block: Block, _ first: Int, _ width: Int) {
    var column = 0
    while column < width {
      let columns = min(group, width &- column)
      let source = block.b.pointer(0, first &+ column)
      let target = block.packedB + column &* block.depth
      if columns == group, block.b.columnStep == 1 {
        copyGroup(source, block.b.rowStep, depth: block.depth, to: target)
      } else {
        var place = 0
        while place < columns {
          let width = min(panel, columns &- place)
          Packing.pack(
            source + place &* block.b.columnStep, count: width, lineStep: block.b.columnStep,
            depth: block.depth,
            depthStep: block.b.rowStep, to: target + place &* block.depth, width: padded(width))
          place &+= panel
        }
      }
      column &+= columns
    }
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

  /// Packs a block of A: tile after tile, or where A is stored transposed, some of its stored rows at a time for all tiles, so
  /// that each is read front to back.
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
          depthStep: block.a.columnStep, to: packedA + (row &* block.depth &+ first &* count), width: count)
      }
      first &+= depth
    }
  }
}
