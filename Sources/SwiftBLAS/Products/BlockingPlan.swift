/// How a product is cut so that its parts stay in the caches, and what is worth packing.
///
/// The depth of a block depends on k and the kernel alone: it fixes the order in which an element's products are
/// added up. Nothing else here changes a bit of the result. The figures did best on processors with 32 to 48 KiB of
/// first-level and 512 to 1024 KiB of second-level cache.
struct BlockingPlan {
  /// Depth of a block: a panel of B this deep stays in the caches next to the core.
  let depth: Int
  /// Rows of A at a time: with the depth, what stays in the second-level cache.
  let rows: Int
  /// Columns of B at a time: with the depth, what stays in the third-level cache.
  let columns: Int
  /// Whether tiles of A are copied: not where there are few of them, or few panels to use them.
  let packsA: Bool
  /// Whether panels of B are copied: not where they are in order already and few tiles use them.
  let packsB: Bool
  /// Whether all panels are packed before the first is used, for several blocks of A use them; if not, each is packed
  /// when its turn comes, and is still in the cache then.
  let packsAhead: Bool

  @inline(__always)
  init(m: Int, n: Int, k: Int, panel: Int, scalarBytes: Int, isRowMajorB: Bool) {
    let panelBytes = panel &* scalarBytes
    depth = Self.evenPart(of: k, atMost: panelBytes > 64 ? 768 : 448)
    rows = Self.evenPart(of: m, atMost: (256 << 10) / (depth &* scalarBytes))
    packsA = n > 384 || m > 384
    packsB = !isRowMajorB || m > 48
    packsAhead = rows < m
    columns = packsAhead ? (8 << 20) / (depth &* panelBytes) &* panel : n
  }

  /// The size of the largest of as few nearly equal parts of `count` as have at most `limit` each.
  @inline(__always)
  private static func evenPart(of count: Int, atMost limit: Int) -> Int {
    if count <= limit { return count }
    let parts = (count &+ limit &- 1) / limit
    return (count &+ parts &- 1) / parts
  }
}
