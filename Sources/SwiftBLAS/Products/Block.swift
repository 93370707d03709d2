extension BlockedProduct {
  /// A block of A times a block of B, added to a block of C.
  struct Block {
    var depth, height, width: Int
    var alpha, beta: Scalar
    var a, b: StridedMatrix<Scalar>
    var c: UnsafeMutablePointer<Scalar>
    var ldc: Int
    /// Room for tiles of A, where they are packed.
    var packedA: UnsafeMutablePointer<Scalar>?
    /// Room for panels of B.
    var packedB: UnsafeMutablePointer<Scalar>
    /// Room for a tile of C that does not end with a whole vector.
    var tile: UnsafeMutablePointer<Scalar>
    /// Where the blocks of A and B begin that are multiplied after these.
    var next: (a: UnsafePointer<Scalar>, b: UnsafePointer<Scalar>)?
  }
}

/// The loops over panels and tiles. One block stays in the second-level cache while the other passes by.
extension BlockedProduct.Block {
  typealias Blocked = BlockedProduct<Vector, rows, vectors>

  /// Adds the product of the blocks to that of C.
  @inline(__always)
  func multiply(_ plan: BlockingPlan) {
    if plan.keepsA {
      Blocked.packTiles(self)
      return passPanels(plan)
    }
    guard plan.packsA else { return passTiles(plan, isFirst: true, rowsAfter: 0) }
    var part = self
    var row = 0
    while row < height {
      part.height = min(plan.rows, height &- row)
      part.a.start = a.pointer(row, 0)
      part.c = c + row &* ldc
      Blocked.packTiles(part)
      row &+= part.height
      part.passTiles(plan, isFirst: row == part.height, rowsAfter: min(plan.rows, height &- row))
    }
  }

  /// All tiles for a panel, and so on for the next: the tiles stay in the second-level cache, a panel passes through the first.
  @inline(__always)
  private func passPanels(_ plan: BlockingPlan) {
    let step = plan.packsB ? plan.group : Blocked.panel
    var ahead = LinesAhead()
    var column = 0
    while column < width {
      Blocked.packPanels(self, plan, column)
      let next = column &+ step
      if plan.fetchesAhead, column % step == 0, next < width {
        ahead.near = LinesAhead.Lines(
          of: b.from(0, next), rows: depth, columns: min(step, width &- next), times: fetches(height, step))
      }
      let panel = Blocked.panel(at: column, of: self, plan)
      var tiles = EvenTiles(height: height, most: rows)
      while let (row, count) = tiles.next() {
        Blocked.multiplyTile(self, row, count, column, panel, &ahead)
      }
      column &+= Blocked.panel
    }
  }

  /// All panels for a tile, and so on for the next: the panels stay in the second-level cache, a tile in the first.
  ///
  /// - Parameters:
  ///   - isFirst: Whether no tile has passed by these panels yet.
  ///   - rowsAfter: How many rows are packed after these, to pass by the same panels.
  @inline(__always)
  private func passTiles(_ plan: BlockingPlan, isFirst: Bool, rowsAfter: Int) {
    var ahead = LinesAhead()
    if plan.fetchesAhead, isFirst, let next {
      ahead.far = LinesAhead.Lines(
        of: b.from(next.b), rows: depth, columns: width, times: fetches(height, width))
    }
    if plan.fetchesAhead, packedA != nil {
      ahead.near = rowsAhead(height, rowsAfter, ofNext: height, times: fetches(height, width))
    }
    var tiles = EvenTiles(height: height, most: rows)
    while let (row, count) = tiles.next() {
      if plan.fetchesAhead, packedA == nil {
        let after = row &+ count
        ahead.near = rowsAhead(after, min(rows, height &- after), ofNext: rows, times: fetches(count, width))
      }
      var column = 0
      while column < width {
        if isFirst, row == 0 { Blocked.packPanels(self, plan, column) }
        Blocked.multiplyTile(self, row, count, column, Blocked.panel(at: column, of: self, plan), &ahead)
        column &+= Blocked.panel
      }
    }
  }

  /// How often lines are fetched in a part of C.
  @inline(__always)
  private func fetches(_ height: Int, _ width: Int) -> Int {
    let (tiles, panels) = ((height &+ rows &- 1) / rows, (width &+ Blocked.panel &- 1) / Blocked.panel)
    return tiles &* panels &* MicroKernel<Vector, rows, vectors>.fetches
  }

  /// The lines of `count` rows of A from `row` on; where none are left, of the first rows of the next block.
  @inline(__always)
  private func rowsAhead(_ row: Int, _ count: Int, ofNext: Int, times: Int) -> LinesAhead.Lines {
    if count > 0 { return LinesAhead.Lines(of: a.from(row, 0), rows: count, columns: depth, times: times) }
    guard let next else { return LinesAhead.Lines() }
    return LinesAhead.Lines(of: a.from(next.a), rows: ofNext, columns: depth, times: times)
  }
}
