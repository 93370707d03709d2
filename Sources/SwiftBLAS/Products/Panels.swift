import CTargetFeatures

extension BlockedProduct {
  /// Where a panel of B lies, and its step from one depth to the next.
  typealias Panel = (start: UnsafePointer<Scalar>, step: Int)

  /// The panel from `column` on.
  @inline(__always)
  static func panel(at column: Int, of block: Block, _ plan: BlockingPlan) -> Panel {
    let width = min(panel, block.width &- column)
    if plan.packsB {
      let place = plan.keepsA ? column % plan.group : column
      return (UnsafePointer(block.packedB + place &* block.depth), padded(width))
    }
    if width % Vector.scalarCount == 0 { return (block.b.start + column, block.b.rowStep) }
    return (UnsafePointer(block.packedB), padded(width))
  }

  /// Packs the panels from `column` on when it is their turn to be; where B is used as it lies, a panel that ends within a
  /// vector.
  @inline(__always)
  static func packPanels(_ block: Block, _ plan: BlockingPlan, _ column: Int) {
    if plan.packsB {
      if column % plan.group == 0 {
        packGroup(block, plan.group, column, to: block.packedB + (plan.keepsA ? 0 : column &* block.depth))
      }
    } else if (block.width &- column) < panel, block.width % Vector.scalarCount != 0 {
      packPanel(block, column, block.width &- column, to: block.packedB)
    }
  }

  @inline(never)
  private static func packGroup(
    _ block: Block, _ group: Int, _ column: Int, to target: UnsafeMutablePointer<Scalar>
  ) {
    let columns = min(group, block.width &- column)
    if columns == 4 &* panel, block.b.columnStep == 1 {
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

  /// Packs four panels of a block that is in order already. Rows so far apart are not fetched ahead by the processor itself.
  @inline(__always)
  private static func copyGroup(
    _ source: UnsafePointer<Scalar>, _ step: Int, depth: Int, to target: UnsafeMutablePointer<Scalar>
  ) {
    var row = source
    var target = target
    for _ in 0..<depth {
      for place in 0..<4 {
        for j in 0..<vectors {
          let source = row + (place &* panel &+ j &* Vector.scalarCount)
          prefetch_for_reading_now(source + 8 &* step)
          Vector(at: source).store(to: target + (place &* panel &* depth &+ j &* Vector.scalarCount))
        }
      }
      row += step
      target += panel
    }
  }

  /// Packs a block of A, where it is to be: tile after tile, or where A is stored transposed, some of its stored rows at a time
  /// for all tiles, so that each is read front to back.
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
