import LinearAlgebra
import Tensors

/// A weight that the vectors of every step of a sequence are multiplied by, by the backend in force.
///
/// A backend that packs does so once for all steps, where there are several steps of several vectors; a single vector is the
/// backend's matrix–vector product.
struct StepWeight {
  private let weight: Tensor
  private let transposition: Transposition
  private let packed: (weight: Tensor, products: any PackingRoutines<Float>)?

  /// The rows of op(weight), and its columns.
  let depth, width: Int

  /// Whether the backend has packed it.
  var isPacked: Bool { packed != nil }

  /// - Parameters:
  ///   - weight: A matrix, op(weight) being itself or its transpose.
  ///   - rows: The vectors that are multiplied together.
  ///   - times: How many times.
  init(_ weight: Tensor, _ transposition: Transposition, rows: Int, times: Int) {
    (self.weight, self.transposition) = (weight, transposition)
    let (stored, columns) = (weight.shape[0], weight.shape[1])
    let (depth, width) = transposition == .none ? (stored, columns) : (columns, stored)
    (self.depth, self.width) = (depth, width)
    guard rows > 1, times > 1, width > 1, depth > 1,
      let products = BLAS.backend.single as? any PackingRoutines<Float>
    else {
      packed = nil
      return
    }
    let elements = Tensor(shape: [products.packedCount(k: depth, n: width)]) { target in
      guard let target = target.baseAddress else { return }
      weight.withUnsafePointer {
        products.pack(transposition, k: depth, n: width, b: $0, ldb: columns, to: target)
      }
    }
    packed = (elements, products)
  }

  /// result ← vectors · op(weight) + β · result.
  ///
  /// - Parameters:
  ///   - neurons: Whose columns of the result are wanted, where the weight is not packed; `nil` for all.
  ///   - next: What is read or written after the product, and may be fetched into a cache meanwhile.
  func multiply(
    _ vectors: UnsafePointer<Float>, rows: Int, into result: UnsafeMutablePointer<Float>, beta: Float,
    of neurons: NeuronRange? = nil, next: InlineArray<2, UnsafeRawBufferPointer>? = nil
  ) {
    if let packed {
      packed.weight.withUnsafePointer {
        packed.products.gemm(
          m: rows, n: width, k: depth, a: vectors, lda: depth, packedB: $0, beta: beta, c: result, ldc: width,
          next: next)
      }
      return
    }
    weight.withUnsafePointer { stored in
      let step = weight.shape[1]
      func multiply(_ columns: Range<Int>) {
        BLAS.gemm(
          .none, transposition, m: rows, n: columns.count, k: depth, a: vectors, lda: depth,
          b: stored + columns.lowerBound * (transposition == .none ? 1 : step), ldb: step, beta: beta,
          c: result + columns.lowerBound, ldc: width)
      }
      if let neurons { neurons.forEachBlock(multiply) } else { multiply(0..<width) }
    }
  }
}
