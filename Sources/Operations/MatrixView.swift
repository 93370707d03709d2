import LinearAlgebra
import Tensors

/// Memory seen as a matrix, or as its transpose: what the products of operations are written in.
struct MatrixView {
  let start: UnsafePointer<Float>
  let rows: Int
  let columns: Int
  private var isTransposed = false

  /// `rows` × `columns` elements, row by row.
  init(_ start: UnsafePointer<Float>, rows: Int, columns: Int) {
    (self.start, self.rows, self.columns) = (start, rows, columns)
  }

  private init(transposing matrix: MatrixView) {
    (start, rows, columns) = (matrix.start, matrix.columns, matrix.rows)
    isTransposed = !matrix.isTransposed
  }

  /// The transpose of the same memory.
  var transposed: MatrixView { MatrixView(transposing: self) }

  private var transposition: Transposition { isTransposed ? .transposed : .none }

  /// Elements from one row, as stored, to the next.
  private var step: Int { max(1, isTransposed ? rows : columns) }

  /// result ← self · other + β · result, by the backend in force.
  func multiply(_ other: MatrixView, into result: UnsafeMutableBufferPointer<Float>, beta: Float = 0) {
    guard let result = result.baseAddress else { return }
    BLAS.gemm(
      transposition, other.transposition, m: rows, n: other.columns, k: columns,
      a: start, lda: step, b: other.start, ldb: other.step, beta: beta, c: result, ldc: max(1, other.columns))
  }
}

extension MatrixView {
  /// Adds all rows, as stored, to a vector; each of its elements in the rows' order, on whatever thread. A thread has runs of
  /// whole cache lines, but for the one that two runs may meet in.
  func addRows(to sums: UnsafeMutablePointer<Float>) {
    Threads.parallel(overRows: columns, of: rows, grain: 16) { range in
      for row in 0..<rows {
        let elements = start + row * columns
        for index in range { sums[index] += elements[index] }
      }
    }
  }
}

extension Tensor {
  /// Calls `body` with the elements as a matrix of `rows` × `columns`.
  func withMatrix<Result>(rows: Int, columns: Int, _ body: (MatrixView) throws -> Result) rethrows -> Result {
    try withUnsafePointer { try body(MatrixView($0, rows: rows, columns: columns)) }
  }
}
