import LinearAlgebra
import Tensors

/// Singular vectors of the largest singular value, nearer than the given ones by some steps of power iteration.
///
///     left ← weight · right / ‖weight · right‖,  right ← weightᵀ · left / ‖weightᵀ · left‖
///
/// | value | shape |
/// |---|---|
/// | `weight` | `[outputs, …]`, seen as a matrix of outputs × the rest |
/// | `left` | `[outputs]` |
/// | `right` | `[rest]` |
///
/// Each step shrinks what is wrong by (σ₂/σ₁)², the ratio of the two largest singular values squared. No tape learns of
/// it: the result is constant. Norms below `epsilon` count as `epsilon`. Source: Golub and Van Loan, "Matrix computations",
/// 4th edition, section 8.2.
///
/// - Throws: ``ShapeError`` if the shapes do not fit, or `iterations` is negative.
/// - Complexity: two matrix–vector products a step.
public func powerIteration(
  of weight: Tensor, left: Tensor, right: Tensor, iterations: Int = 1, epsilon: Float = 1e-12
) throws -> (left: Tensor, right: Tensor) {
  let (rows, columns) = try matrixSizes("powerIteration", weight, left, right)
  guard iterations >= 0 else {
    throw ShapeError("powerIteration", expected: "a number of iterations", got: "\(iterations)")
  }
  var (left, right) = (left.detached, right.detached)
  weight.withMatrix(rows: rows, columns: columns) { w in
    for _ in 0..<iterations {
      left = product(w, right, epsilon)
      right = product(w.transposed, left, epsilon)
    }
  }
  return (left, right)
}

/// matrix · vector, brought to length 1.
private func product(_ matrix: MatrixView, _ vector: Tensor, _ epsilon: Float) -> Tensor {
  Tensor(shape: [matrix.rows]) { product in
    vector.withMatrix(rows: matrix.columns, columns: 1) { matrix.multiply($0, into: product) }
    // By the largest element first, so that no square overflows.
    let largest = product.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return }
    for index in product.indices { product[index] /= largest }
    let norm = largest * Elementary.sumOfSquares(UnsafeBufferPointer(product)).squareRoot()
    for index in product.indices { product[index] *= largest / max(norm, epsilon) }
  }
}
