/// Neighbouring windows: some rows of them, or a part of one.
struct WindowPiece {
  /// Rows of windows.
  let rows: Range<Int>

  /// The windows of each row; all of them unless there is one row.
  let columns: Range<Int>

  /// The first window, counted through all rows.
  let start: Int

  /// The number of windows.
  var count: Int { rows.count * columns.count }
}

extension ConvolutionGeometry {
  /// Calls `body` for all windows in their order, at most so many at a time.
  func forEachPiece(of most: Int, _ body: (WindowPiece) -> Void) {
    let rows = max(1, most / width.count)
    let columns = min(width.count, most)
    for row in stride(from: 0, to: height.count, by: rows) {
      for column in stride(from: 0, to: width.count, by: columns) {
        body(
          WindowPiece(
            rows: row..<min(height.count, row + rows), columns: column..<min(width.count, column + columns),
            start: row * width.count + column))
      }
    }
  }
}
