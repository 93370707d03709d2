/// How a product is cut so that its parts stay in the caches, and what is worth packing.
///
/// The depth of a block depends on k and the kernel alone, and not on the machine's caches: it fixes the order in which
/// an element's products are added up. Nothing else here changes a bit of the result.
struct BlockingPlan {
  /// Depth of a block: a panel of B this deep stays in a first-level cache of 32 KiB or, in the widest vectors, passes
  /// through one of 48 KiB.
  let depth: Int
  /// Rows of A at a time: with the depth, three quarters of the second-level cache.
  let rows: Int
  /// Columns of B at a time: with the depth, a quarter of the third-level cache.
  let columns: Int
  /// Whether tiles of A are copied: not where there are few panels to use them, unless their columns lie in rows of a large A.
  let packsA: Bool
  /// Whether panels of B are copied: not where they are in order already and few tiles use them, or all of B stays in
  /// the first-level cache.
  let packsB: Bool
  /// Whether all panels are packed before the first is used, for several blocks of A use them; if not, each is packed
  /// when its turn comes, and is still in the cache then.
  let packsAhead: Bool

  @inline(__always)
  init(
    m: Int, n: Int, k: Int, tile: Int, panel: Int, scalarBytes: Int, isRowMajorA: Bool, isRowMajorB: Bool
  ) {
    let panelBytes = panel &* scalarBytes
    depth = Self.depth(of: k, panelBytes: panelBytes)
    let part = Self.evenPart(of: m, atMost: Caches.secondLevel / 4 &* 3 / (depth &* scalarBytes))
    rows = min(m, (part &+ tile &- 1) / tile &* tile)
    packsA = n > 128 || !isRowMajorA && n > panel && m &* k &* scalarBytes > Caches.secondLevel
    packsB = !isRowMajorB || (m > 48 && n &* k &* scalarBytes > Caches.firstLevel / 4 &* 3)
    packsAhead = rows < m
    columns = packsAhead ? max(1, Caches.thirdLevel / 4 / (depth &* panelBytes)) &* panel : n
  }

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
