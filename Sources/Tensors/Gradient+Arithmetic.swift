import LinearAlgebra

extension Gradient {
  /// The elements that need not be zero.
  private var elements: Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.values
    }
  }

  /// The sum of the squares of all elements.
  public var squaredNorm: Double {
    elements.withUnsafeElements { elements in
      // In parts, whose sums Float keeps its digits in; always the same parts, whatever the number of threads.
      stride(from: 0, to: elements.count, by: 1 << 12).reduce(0) { sum, start in
        let part = UnsafeBufferPointer(rebasing: elements[start..<min(start + 1 << 12, elements.count)])
        return sum + Double(Elementary.sumOfSquares(part))
      }
    }
  }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool {
    // A finite sum, which is fast, says so; an infinite one may be of large numbers.
    squaredNorm.isFinite || elements.isFinite
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
      rows.values.withUnsafeMutableElements(body)
      self = .rows(rows)
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
    case (.rows(let rows), .dense(var tensor)):
      tensor.add(.rows(rows))
      self = .dense(tensor)
    case (.rows(let a), .rows(let b)):
      precondition(a.shape == b.shape, "adding rows of \(b.shape) to \(a.shape)")
      let pieces = [a, b].map { RowTerms(rows: $0.indices, sources: nil, values: $0.values) }
      self = .rows(GradientRows(shape: a.shape, summing: pieces))
    }
  }
}
