import Tensors

/// The products of matrices that lie along the last two axes.
///
/// | value | shape |
/// |---|---|
/// | `a` | `[…, m, k]` |
/// | `b` | `[…, k, n]` |
/// | output | `[…, m, n]`; the axes before are broadcast as in arithmetic |
///
/// - Throws: ``ShapeError`` if the shapes do not fit.
/// - Complexity: 2 · m · k · n flops for each product; twice that backward. One matrix `b` for many `a` makes it a single
///   product.
public func matrixProduct(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  guard a.shape.rank >= 2, b.shape.rank >= 2, a.shape[-1] == b.shape[-2] else {
    throw ShapeError("matrixProduct", expected: "[…, m, k] and […, k, n]", got: "\(a.shape) and \(b.shape)")
  }
  let (leadingA, leadingB) = (a.shape.leading, b.shape.leading)
  let leading = try Broadcasting(leadingA, leadingB, site: "matrixProduct")
  let sizes = leading.shape.array + [a.shape[-2], b.shape[-1]]
  guard let shape = Shape(exactly: sizes) else {
    throw ShapeError("matrixProduct", expected: "a result that fits into memory", got: "\(sizes)")
  }
  let isSingle = leadingB.count == 1 && leadingA.count == leading.shape.count
  let product = MatrixProduct(
    a: a.detached, b: b.detached, m: isSingle ? shape.count / max(1, shape[-1]) : shape[-2], k: a.shape[-1],
    n: shape[-1], pairs: shape.count == 0 ? [] : isSingle ? [(0, 0)] : leading.pairs)
  let output = Tensor(shape: shape) { result in
    product.forEach { position, a, b in
      a.multiply(b, into: product.part(position, of: result, product.m * product.n))
    }
  }
  return try output.recorded(from: a, b) { product }
}

/// In the forward run Y = A · B for each pair; therefore the error term of A is that of Y times Bᵀ, and that of B is Aᵀ
/// times the error term of Y, each added up where a matrix stands in several pairs.
private struct MatrixProduct: DifferentiableOperation {
  let a: Tensor
  let b: Tensor
  let m: Int
  let k: Int
  let n: Int

  /// For each product the numbers of its matrices.
  let pairs: [(a: Int, b: Int)]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    error.withUnsafePointer { error in
      inputs.accumulate(to: 0, shape: a.shape) { term, beta in
        var beta = Accumulation(term, matrix: m * k, beta: beta, isUsed: !pairs.isEmpty)
        forEach { position, _, b in
          let y = MatrixView(error + position * m * n, rows: m, columns: n)
          let place = pairs[position].a
          y.multiply(b.transposed, into: part(place, of: term, m * k), beta: beta.next(place))
        }
      }
      inputs.accumulate(to: 1, shape: b.shape) { term, beta in
        var beta = Accumulation(term, matrix: k * n, beta: beta, isUsed: !pairs.isEmpty)
        forEach { position, a, _ in
          let y = MatrixView(error + position * m * n, rows: m, columns: n)
          let place = pairs[position].b
          a.transposed.multiply(y, into: part(place, of: term, k * n), beta: beta.next(place))
        }
      }
    }
  }

  func forEach(_ body: (_ position: Int, MatrixView, MatrixView) -> Void) {
    a.withUnsafePointer { start in
      b.withUnsafePointer { other in
        for (position, pair) in pairs.enumerated() {
          body(
            position, MatrixView(start + pair.a * m * k, rows: m, columns: k),
            MatrixView(other + pair.b * k * n, rows: k, columns: n))
        }
      }
    }
  }

  func part(
    _ position: Int, of elements: UnsafeMutableBufferPointer<Float>, _ count: Int
  ) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: elements[position * count..<(position + 1) * count])
  }
}

/// β for matrices that are written several times: as given for the first, 1 after that.
private struct Accumulation {
  private var seen: [Bool]
  private let beta: Float

  init(_ term: UnsafeMutableBufferPointer<Float>, matrix: Int, beta: Float, isUsed: Bool) {
    seen = Array(repeating: false, count: term.count / max(1, matrix))
    self.beta = beta
    if beta == 0, !isUsed { term.initialize(repeating: 0) }
  }

  mutating func next(_ place: Int) -> Float {
    guard place < seen.count, !seen[place] else { return 1 }
    seen[place] = true
    return beta
  }
}

extension Shape {
  /// The axes before those of the matrices. Where there is no element, neither there, since they might be too many.
  fileprivate var leading: Shape { Shape(exactly: array.dropLast(2)) ?? [0] }
}

extension Broadcasting {
  /// For each element of the result, in their order, the places of the two that meet.
  fileprivate var pairs: [(a: Int, b: Int)] {
    var pairs: [(a: Int, b: Int)] = []
    forEachRun { _, first, second in
      for k in 0..<runLength {
        pairs.append((first + (repeatsFirst ? 0 : k), second + (repeatsSecond ? 0 : k)))
      }
    }
    return pairs
  }
}
