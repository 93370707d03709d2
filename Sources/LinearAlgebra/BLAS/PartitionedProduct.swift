/// How a product is cut among threads: by the rows or by the columns of C, whichever are more.
enum PartitionedProduct {
  /// Multiply-adds below which a second thread costs more than it saves.
  private static let worthThread = 500_000

  /// Rows or columns of C that a part is a multiple of, so that only the last part has a ragged edge.
  private static let grain = 48

  /// Calls `product` for the parts of C, at the same time.
  static func parallel(
    m: Int, n: Int, k: Int, grain: Int = grain,
    _ product: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let (longer, shorter) = (max(m, n), min(m, n))
    Threads.parallel(over: longer, least: max(grain, worthThread / max(1, shorter * k)), grain: grain) {
      range in
      if m >= n { product(range, 0..<n) } else { product(0..<m, range) }
    }
  }
}
