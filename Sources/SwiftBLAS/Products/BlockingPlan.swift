/// How a product is cut so that its parts stay in the caches, and what is worth packing.
///
/// The depth of a block depends on k and the kernel alone, and not on the machine's caches: it fixes the order in which
/// an element's products are added up. Nothing else here changes a bit of the result.
struct BlockingPlan {
  /// Depth of a block: a panel of B this deep stays in a first-level cache of 32 KiB or, in the widest vectors, passes
  /// through one of 48 KiB.
  let depth: Int
  /// Whether a block of A, of all rows, stays in the second-level cache while the panels of B pass by. Else columns of B stay
  /// there while the tiles of A pass.
  let keepsA: Bool
  /// Rows of A at a time where tiles are copied: with the depth, a quarter of the second-level cache.
  let rows: Int
  /// Columns of B at a time: where they stay, with the depth half of the second-level cache.
  let columns: Int
  /// Whether tiles of A are copied: only where A is stored transposed and lies too far apart.
  let packsA: Bool
  /// Whether panels of B are copied: where they are out of order, or lie too far apart and are used more than twice.
  let packsB: Bool

  @inline(__always)
  init<Scalar>(_ product: Product<Scalar>, tile: Int, panel: Int) {
    let scalarBytes = MemoryLayout<Scalar>.stride
    depth = Self.depth(of: product.k, panelBytes: panel &* scalarBytes)
    let lines = Caches.secondLevel / (depth &* scalarBytes)
    let (a, b) = (product.a, product.b)
    keepsA = product.m <= lines / 8
    rows = keepsA ? product.m : max(1, lines / 4 / tile) &* tile
    if keepsA {
      columns = product.n
    } else {
      let part = Self.evenPart(of: product.n, atMost: max(panel, lines / 2))
      columns = (part &+ panel &- 1) / panel &* panel
    }
    let spanA = depth &* a.columnStep &* scalarBytes
    let spanB = depth &* b.rowStep &* scalarBytes
    let (isRowMajorA, isRowMajorB) = (a.columnStep == 1, b.columnStep == 1)
    packsA =
      isRowMajorA
      ? keepsA && Self.collide(a.rowStep &* scalarBytes)
      : spanA > Caches.secondLevel / 4 &* 3 || Self.collide(a.columnStep &* scalarBytes)
    let rest = isRowMajorA || packsA ? Caches.secondLevel : Caches.secondLevel &- spanA
    packsB =
      !isRowMajorB
      || product.m > 2 &* tile && (!keepsA && spanB > rest || Self.collide(b.rowStep &* scalarBytes))
  }

  /// Whether lines so many bytes apart share one set of the first-level cache, so that a few drive each other out.
  @inline(__always)
  private static func collide(_ bytes: Int) -> Bool { bytes & 4095 == 0 }

  /// The depth of the blocks of a product of depth `k`.
  @inline(__always)
  static func depth(of k: Int, panelBytes: Int) -> Int {
    evenPart(of: k, atMost: panelBytes > 64 ? 768 : 448)
  }

  /// The size of the largest of as few nearly equal parts of `count` as have at most `limit` each.
  @inline(__always)
  private static func evenPart(of count: Int, atMost limit: Int) -> Int {
    if count <= limit { return count }
    let parts = (count &+ limit &- 1) / limit
    return (count &+ parts &- 1) / parts
  }
}
