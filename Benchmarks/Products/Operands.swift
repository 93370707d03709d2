import NeuralNetworks

/// The matrices of a product: A and B random from [-1, 1), each row right after the one before.
struct Operands<Scalar: BLASScalar> {
  private let shape: ProductShape
  private let a, b, c: UnsafeMutableBufferPointer<Scalar>

  private var lda: Int { shape.transposeA == .none ? shape.k : shape.m }
  private var ldb: Int { shape.transposeB == .none ? shape.n : shape.k }

  init(_ shape: ProductShape) {
    self.shape = shape
    var random = RandomSource(seed: 1)
    func matrix(_ count: Int) -> UnsafeMutableBufferPointer<Scalar> {
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: count * MemoryLayout<Scalar>.stride, alignment: 4096)
      let elements = memory.bindMemory(to: Scalar.self)
      for index in 0..<count { elements.initializeElement(at: index, to: Scalar(random.uniform(in: -1..<1))) }
      return elements
    }
    a = matrix(shape.m * shape.k)
    b = matrix(shape.k * shape.n)
    c = matrix(shape.m * shape.n)
  }

  func deallocate() {
    for matrix in [a, b, c] { UnsafeMutableRawBufferPointer(matrix).deallocate() }
  }

  /// C ← op(A) · op(B) on the backend in force, so many times, by the routine that the library uses for the shape.
  func multiply(_ repetitions: Int) {
    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
    for _ in 0..<repetitions {
      BLAS.gemm(
        shape.transposeA, shape.transposeB, m: shape.m, n: shape.n, k: shape.k, a: a, lda: lda, b: b,
        ldb: ldb,
        c: c, ldc: shape.n)
    }
  }

  /// C ← max(C, 0), shared among the library's threads.
  func rectify() {
    Threads.parallel(over: c.count, least: 16_384) { range in
      for index in range { c[index] = max(c[index], 0) }
    }
  }

  /// ‖C·t − A·(B·t)‖ / ‖|A|·(|B|·|t|)‖ for a random t, in double precision.
  ///
  /// No other product is needed to check one, after the BLIS test suite. The denominator, unlike A·(B·t), never cancels,
  /// and is what the rounding errors of a product are bounded by.
  func residual() -> Double {
    var random = RandomSource(seed: 2)
    let t = (0..<shape.n).map { _ in Double(random.uniform(in: -1..<1)) }
    let ct = product(c, rows: shape.m, columns: shape.n, transposed: false, t)
    let bt = product(b, rows: shape.k, columns: shape.n, transposed: shape.transposeB == .transposed, t)
    let abt = product(a, rows: shape.m, columns: shape.k, transposed: shape.transposeA == .transposed, bt)
    let size = product(
      a, rows: shape.m, columns: shape.k, transposed: shape.transposeA == .transposed, magnitudes: true,
      product(
        b, rows: shape.k, columns: shape.n, transposed: shape.transposeB == .transposed, magnitudes: true,
        t.map(abs)))
    let difference = zip(ct, abt).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    return (difference / size.map { $0 * $0 }.reduce(0, +)).squareRoot()
  }

  /// op(M) · x, where op(M) is rows × columns.
  private func product(
    _ matrix: UnsafeMutableBufferPointer<Scalar>, rows: Int, columns: Int, transposed: Bool,
    magnitudes: Bool = false, _ x: [Double]
  ) -> [Double] {
    let (rowStep, columnStep) = transposed ? (1, rows) : (columns, 1)
    return (0..<rows).map { row in
      var sum = 0.0
      for column in 0..<columns {
        let element = Double(matrix[row * rowStep + column * columnStep])
        sum += (magnitudes ? abs(element) : element) * x[column]
      }
      return sum
    }
  }
}
