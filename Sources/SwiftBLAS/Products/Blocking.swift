/// How a product is cut so that its parts stay in the caches.
///
/// The depth of a block depends on k and the kernel alone: it fixes the order in which an element's products are
/// added up. The two other sizes may be anything without changing a bit of the result.
struct Blocking {
  /// Depth of a block: a panel of B this deep stays in the first-level cache.
  var depth: Int
  /// Rows of A packed at a time: with the depth, what stays in the second-level cache.
  var rows: Int
  /// Columns of B packed at a time: with the depth, what stays in the third-level cache.
  var columns: Int

  /// - Parameter panelBytes: Size of one row of a panel of B.
  init(m: Int, n: Int, k: Int, panelBytes: Int, scalarBytes: Int) {
    depth = Self.evenPart(of: k, atMost: Self.firstLevelBytes / panelBytes)
    rows = Self.evenPart(of: m, atMost: Self.secondLevelBytes / (depth * scalarBytes))
    columns = min(n, Self.thirdLevelBytes / (depth * panelBytes) * (panelBytes / scalarBytes))
  }

  private static let firstLevelBytes = 28 << 10
  private static let secondLevelBytes = 256 << 10
  private static let thirdLevelBytes = 6 << 20

  /// The size of the largest of as few nearly equal parts of `count` as have at most `limit` each.
  private static func evenPart(of count: Int, atMost limit: Int) -> Int {
    let parts = (count + limit - 1) / limit
    return (count + parts - 1) / parts
  }
}
