import LinearAlgebra
import Tensors

/// A weight divided by its largest singular value.
///
///     output = weight / σ,  σ = leftᵀ · weight · right
///
/// | value | shape |
/// |---|---|
/// | `weight`, output | `[outputs, …]`, seen as a matrix of outputs × the rest |
/// | `left` | `[outputs]` |
/// | `right` | `[rest]` |
///
/// `left` and `right` are the singular vectors, as ``powerIteration(of:left:right:iterations:epsilon:)`` nears them;
/// constants to any tape. Source: Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018,
/// equations 8 and 11: u is `left`, v is `right`; the lecture, section "Normalization".
///
/// - Throws: ``ShapeError`` if the shapes do not fit, or σ is 0.
/// - Complexity: one matrix–vector product forward, a product of two vectors backward.
public func spectralNormalization(_ weight: Tensor, left: Tensor, right: Tensor) throws -> Tensor {
  let (rows, columns) = try matrixSizes("spectralNormalization", weight, left, right)
  let sigma = weight.withMatrix(rows: rows, columns: columns) { w in
    let product = Tensor(shape: [rows]) { product in
      right.withMatrix(rows: columns, columns: 1) { w.multiply($0, into: product) }
    }
    return product.withUnsafeElements { product in left.withUnsafeElements { Elementary.dot($0, product) } }
  }
  guard sigma != 0, sigma.isFinite else {
    throw ShapeError(
      "spectralNormalization", expected: "a weight other than zero and a finite σ", got: "σ = \(sigma)")
  }
  let output = Tensor(shape: weight.shape) { output in
    weight.withUnsafeElements { for index in output.indices { output[index] = $0[index] / sigma } }
  }
  return try output.recorded(from: weight) {
    SpectralNormalization(output: output, left: left.detached, right: right.detached, sigma: sigma)
  }
}

/// In the forward run W̄ = W / σ with σ = uᵀWv, in which u and v are constants; therefore, with the error term E of W̄,
///
/// - W enters W̄ directly, with the gradient 1/σ, and through σ: ∂σ/∂W = uvᵀ, and ∂W̄/∂σ = −W/σ² = −W̄/σ;
/// - the error term of W is (E − ⟨E, W̄⟩ uvᵀ) / σ, where ⟨E, W̄⟩ = Σ E ∘ W̄.
private struct SpectralNormalization: DifferentiableOperation {
  let output: Tensor
  let left: Tensor
  let right: Tensor
  let sigma: Float

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    error.withUnsafeMutableElements { error in
      guard let start = error.baseAddress else { return }
      let product = output.withUnsafeElements { Elementary.dot(UnsafeBufferPointer(error), $0) }
      for index in error.indices { error[index] /= sigma }
      left.withUnsafePointer { u in
        right.withUnsafePointer { v in
          BLAS.gemm(
            .none, .none, m: left.count, n: right.count, k: 1, alpha: -product / sigma, a: u, lda: 1,
            b: v, ldb: right.count, beta: 1, c: start, ldc: right.count)
        }
      }
    }
    inputs.add(error, to: 0)
  }
}

/// The sizes of a weight `[outputs, …]` seen as a matrix, to which both vectors fit.
func matrixSizes(_ site: String, _ weight: Tensor, _ left: Tensor, _ right: Tensor) throws -> (
  rows: Int, columns: Int
) {
  guard weight.shape.rank >= 2, weight.count > 0 else {
    throw ShapeError(site, expected: "a weight [outputs, …], not empty", got: weight.shape)
  }
  let (rows, columns) = (weight.shape[0], weight.count / weight.shape[0])
  guard left.shape == [rows], right.shape == [columns] else {
    throw ShapeError(
      site, expected: "vectors [\(rows)] and [\(columns)] for a weight \(weight.shape)",
      got: "\(left.shape) and \(right.shape)")
  }
  return (rows, columns)
}
