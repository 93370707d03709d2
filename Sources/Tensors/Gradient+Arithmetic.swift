import LinearAlgebra

extension Gradient {
  /// Computes what is left to compute, for a gradient that is read several times.
  public mutating func compute() {
    switch self {
    case .dense: return
    case .rows(var rows):
      rows.sum()
      self = .rows(rows)
    case .product(let product): self = .dense(product.dense)
    }
  }

  /// The elements that need not be zero.
  private var elements: Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.values
    case .product(let product): product.dense
    }
  }

  /// The sum of the squares of all elements.
  public var squaredNorm: Double { elements.squaredNorm }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool {
    // What the norms bound is finite, sums on the way included; without a bound, the elements are looked at.
    magnitudeBound < Double(Float.greatestFiniteMagnitude) / 2 || elements.isFinite
  }

  /// What no element is larger than, from all that it is computed of; NaN or infinite where that is.
  private var magnitudeBound: Double {
    switch self {
    case .dense(let tensor): tensor.squaredNorm.squareRoot()
    case .rows(let rows): rows.magnitudeBound
    case .product(let product): product.magnitudeBound
    }
  }

  /// Changes every element that need not be zero, in place; zero must stay zero.
  public mutating func updateElements(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    switch self {
    case .dense(var tensor):
      // Out of this gradient, the tensor is changed in place.
      self = .dense(Tensor(scalar: 0))
      tensor.withUnsafeMutableElements(body)
      self = .dense(tensor)
    case .rows(var rows):
      self = .dense(Tensor(scalar: 0))
      rows.updateValues(body)
      self = .rows(rows)
    case .product(let product):
      var tensor = product.dense
      tensor.withUnsafeMutableElements(body)
      self = .dense(tensor)
    }
  }

  /// Multiplies every element in place.
  public mutating func scale(by factor: Float) {
    updateElements { elements in
      Threads.parallel(overElements: elements.count) { range in
        for index in range { elements[index] *= factor }
      }
    }
  }

  /// Adds another gradient of the same tensor. Rows stay rows while both are.
  ///
  /// - Precondition: the shapes are equal.
  public mutating func add(_ other: Gradient) {
    switch (consume self, other) {
    case (.dense(var tensor), _):
      tensor.add(other)
      self = .dense(tensor)
    case (.rows(let a), .rows(let b)):
      precondition(a.shape == b.shape, "adding rows of \(b.shape) to \(a.shape)")
      let pieces = [a, b].map { RowTerms(rows: $0.indices, sources: nil, values: $0.values) }
      self = .rows(GradientRows(shape: a.shape, summing: pieces))
    case (.rows(let rows), .dense(var tensor)):
      tensor.add(.rows(rows))
      self = .dense(tensor)
    case (.rows(let rows), .product(let product)):
      self = .product(product)
      add(.rows(rows))
    case (.product(let product), _):
      var tensor = product.dense
      tensor.add(other)
      self = .dense(tensor)
    }
  }
}

extension Tensor {
  /// The sum of the squares of all elements.
  var squaredNorm: Double {
    withUnsafeElements { elements in
      // In parts, whose sums Float keeps its digits in; always the same parts, whatever the number of threads.
      stride(from: 0, to: elements.count, by: 1 << 12).reduce(0) { sum, start in
        let part = UnsafeBufferPointer(rebasing: elements[start..<min(start + 1 << 12, elements.count)])
        return sum + Double(Elementary.sumOfSquares(part))
      }
    }
  }
}
