import LinearAlgebra

/// errorsᵀ · inputs, the gradient of the weights of a layer of neurons, not multiplied yet.
///
/// It is Σ δxᵀ over the rows of the two, one for each example: the lecture's error term times the previous layer's result. Of a
/// few examples these rows take far less memory than the matrix that they span, and a step of gradient descent adds their
/// product to the weights without ever writing it down: of one example, a rank-1 update in place.
public struct GradientProduct: Sendable {
  /// `[outputs, inputs]`.
  public let shape: Shape

  private let errors: Tensor
  private let inputs: Tensor

  /// How many rows both have.
  private let rows: Int

  /// - Parameters:
  ///   - errors: `[…, outputs]`, all axes but the last taken as one.
  ///   - inputs: `[…, inputs]`, as many rows.
  ///   - shape: `[outputs, inputs]`.
  /// - Precondition: the shapes fit.
  public init(errors: Tensor, inputs: Tensor, shape: Shape) {
    rows = errors.shape.rowCount
    precondition(
      shape.rank == 2 && errors.count == rows * shape[0] && inputs.count == rows * shape[1],
      "\(errors.shape) times \(inputs.shape) for \(shape)")
    (self.errors, self.inputs, self.shape) = (errors.detached, inputs.detached, shape)
  }

  /// Whether the factors take less memory than their product.
  var isSmallerAsFactors: Bool { errors.count + inputs.count < shape.count }

  /// The product.
  var dense: Tensor { Tensor(shape: shape) { multiply(into: $0, beta: 0) } }

  /// ‖errors‖ · ‖inputs‖, which no element of the product is larger than.
  var magnitudeBound: Double { (errors.squaredNorm * inputs.squaredNorm).squareRoot() }

  /// result ← scale · errorsᵀ · inputs + β · result, by the backend in force.
  func multiply(into result: UnsafeMutableBufferPointer<Float>, scale: Float = 1, beta: Float) {
    precondition(result.count == shape.count, "a product \(shape) into \(result.count) elements")
    guard let result = result.baseAddress else { return }
    errors.withUnsafePointer { errors in
      inputs.withUnsafePointer { inputs in
        BLAS.gemm(
          .transposed, .none, m: shape[0], n: shape[1], k: rows, alpha: scale, a: errors,
          lda: max(1, shape[0]),
          b: inputs, ldb: max(1, shape[1]), beta: beta, c: result, ldc: max(1, shape[1]))
      }
    }
  }
}
