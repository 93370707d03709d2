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
  /// Rows of A that are packed at a time: where not all stay, with the depth a quarter of the second-level cache.
  let rows: Int
  /// Columns of B at a time: where they stay, with the depth a quarter of the second-level cache. The next ones arrive in
  /// another.
  let columns: Int
  /// Whether tiles of A are copied: where A is stored transposed and lies too far apart to be read again and again, where its
  /// rows would drive each other out of the cache, or where narrow vectors read a small A for many columns.
  let packsA: Bool
  /// Whether panels of B are copied: where they are out of order, where their rows lie too far apart and are used more than
  /// twice, or where they are not whole cache lines apart and are used so often that it pays.
  let packsB: Bool
  /// Columns of B that are packed at a time. Reading four panels' worth of a row uses whole cache lines, which rows a power of
  /// two apart would drive out of the cache before the next panel comes to them. One panel of columns that lie in memory as
  /// they are read is in the first-level cache still when the tiles of A pass.
  let group: Int
  /// Whether what comes next is fetched while a tile is computed: not where all of it is in the second-level cache soon.
  let fetchesAhead: Bool

  @inline(__always)
  init<Scalar>(_ product: Product<Scalar>, tile: Int, panel: Int) {
    let (m, n, k, a, b) = (product.m, product.n, product.k, product.a, product.b)
    let scalarBytes = MemoryLayout<Scalar>.stride
    depth = Self.depth(of: k, panelBytes: panel &* scalarBytes)
    fetchesAhead = (m &+ n) &* k &* scalarBytes > Caches.secondLevel / 8
    // Kernels of the widest vectors fetch what they read into the first-level cache, and may read it from farther away.
    let isWide = panel &* scalarBytes > 64
    let lines = Caches.secondLevel / (depth &* scalarBytes)
    keepsA = m <= lines / (isWide ? 8 : 2)
    rows = keepsA ? m : max(1, lines / 4 / tile) &* tile
    columns =
      keepsA ? n : (Self.evenPart(of: n, atMost: max(panel, lines / 4)) &+ panel &- 1) / panel &* panel

    let reach = isWide || n <= 128 ? Caches.secondLevel : Caches.firstLevel
    let isRowMajorA = a.columnStep == 1
    let spanA = depth &* a.columnStep &* scalarBytes
    packsA =
      isRowMajorA
      ? keepsA && (Self.collide(a.rowStep &* scalarBytes) || !isWide && n > 128)
      : spanA > reach / 4 &* 3 || Self.collide(a.columnStep &* scalarBytes)

    let isRowMajorB = b.columnStep == 1
    let stepB = b.rowStep &* scalarBytes
    let reachB = isRowMajorA || packsA ? reach : reach &- spanA
    group = keepsA && !isRowMajorB ? panel : 4 &* panel
    let isFarB = Self.collide(stepB) || !keepsA && depth &* stepB > reachB
    packsB = !isRowMajorB || isFarB && m > 2 &* tile || stepB % Caches.line != 0 && m > 8 &* tile
  }

  /// Whether lines so many bytes apart share one set of the first-level cache, so that a few drive each other out.
  @inline(__always)
  private static func collide(_ bytes: Int) -> Bool { bytes & 4095 == 0 }

  /// The depth of the blocks of a product of depth `k`.
  @inline(__always)
  static func depth(of k: Int, panelBytes: Int) -> Int {
    evenPart(of: k, atMost: panelBytes > 64 ? 512 : 448)
  }

  /// The size of the largest of as few nearly equal parts of `count` as have at most `limit` each.
  @inline(__always)
  private static func evenPart(of count: Int, atMost limit: Int) -> Int {
    if count <= limit { return count }
    let parts = (count &+ limit &- 1) / limit
    return (count &+ parts &- 1) / parts
  }
}
