/// How a product is cut among threads: by the rows or by the columns of C, whichever are more; by the elements of a vector.
package enum PartitionedProduct {
  /// Multiply-adds below which a second thread costs more than it saves.
  private static let worthThread = 500_000

  /// Rows or columns of C that a part is a multiple of: whole panels of columns in the widest vectors, and few enough for even
  /// parts.
  private static let grain = 32

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

  /// Elements of a matrix, read once for a vector, below which a second thread costs more than it saves.
  private static let elementsWorthThread = 1 << 16

  /// Calls `product` for parts of op(A) · x, A having `rows` and `columns`: with the part's rows and columns of A, and the
  /// first of its elements.
  static func parallel(
    rows: Int, columns: Int, _ transposition: Transposition,
    _ product: (_ rows: Range<Int>, _ columns: Range<Int>, _ first: Int) -> Void
  ) {
    if transposition == .none {
      parallel(rows, of: columns) { product($0, 0..<columns, $0.lowerBound) }
    } else {
      parallel(columns, of: rows) { product(0..<rows, $0, $0.lowerBound) }
    }
  }

  /// Calls `product` for ranges of `count` rows of `length` elements. Those of a matrix are the same whether it is multiplied
  /// by a vector or updated by two: the thread that has one of them, mostly the same, finds it in its cache.
  static func parallel(_ count: Int, of length: Int, _ product: (Range<Int>) -> Void) {
    Threads.parallel(over: count, least: least(of: length), grain: grain, product)
  }

  /// Calls `products` for ranges of `count` rows of `length` elements in each of some steps, one step after the other.
  package static func parallel(
    steps: Int, _ count: Int, of length: Int, _ products: (_ step: Int, _ rows: Range<Int>) -> Void
  ) {
    Threads.parallel(steps: steps, over: count, least: least(of: length), grain: grain, products)
  }

  /// Rows of `length` elements that are worth a thread.
  private static func least(of length: Int) -> Int { max(grain, elementsWorthThread / max(1, length)) }
}
