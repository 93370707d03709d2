/// A matrix in someone else's memory, one of whose two steps is 1: row-major as stored, or the transpose of one.
struct StridedMatrix<Scalar> {
  /// Element (0, 0).
  var start: UnsafePointer<Scalar>
  /// From one row to the next.
  var rowStep: Int
  /// From one column to the next.
  var columnStep: Int

  /// op(matrix) of a row-major matrix with leading dimension `step`.
  @inline(__always)
  init(_ start: UnsafePointer<Scalar>, step: Int, transposed: Bool) {
    self.start = start
    rowStep = transposed ? 1 : step
    columnStep = transposed ? step : 1
  }

  /// The same elements with rows and columns exchanged.
  @inline(__always)
  var transposed: Self {
    var result = self
    swap(&result.rowStep, &result.columnStep)
    return result
  }

  /// Where element (row, column) lies.
  @inline(__always)
  func pointer(_ row: Int, _ column: Int) -> UnsafePointer<Scalar> {
    start + (row &* rowStep &+ column &* columnStep)
  }

  /// The part from element (row, column) on.
  @inline(__always)
  func from(_ row: Int, _ column: Int) -> Self { from(pointer(row, column)) }

  /// The part from the element at `pointer` on.
  @inline(__always)
  func from(_ pointer: UnsafePointer<Scalar>) -> Self {
    var result = self
    result.start = pointer
    return result
  }
}
