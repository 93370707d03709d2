import LinearAlgebra

/// The rows, along the first axis, of a gradient that is zero in all others.
///
/// Each is the sum of what look-ups passed back to it. Where that takes less memory than the sums, they are added up when they
/// are asked for, so that a step of gradient descent, which reads each sum once, need not have them all in memory.
public struct GradientRows: Sendable {
  /// The shape of what this is the gradient of.
  public let shape: Shape

  /// Which rows, in ascending order, each once.
  public let indices: [Int]

  private var elements: Elements

  private enum Elements {
    case sums(Tensor)
    case terms(SortedRowTerms)
  }

  /// The sums of rows that may come several times, and in any order; equal ones are added in the order given.
  ///
  /// - Precondition: each row lies within the first axis, and the pieces' values have rows of `shape.droppingFirst`.
  /// - Complexity: the terms' number once for each byte of the largest row.
  init(shape: Shape, summing pieces: [RowTerms]) {
    let terms = SortedRowTerms(pieces, below: shape[0])
    self.shape = shape
    indices = terms.rows
    elements = .terms(terms)
    if terms.elementCount > indices.count * shape.droppingFirst.count { sum() }
  }

  /// The rows' elements, in the order of `indices`: `shape` with the first axis replaced by their number.
  ///
  /// - Complexity: the terms' elements once, at each call until ``Gradient/compute()``.
  public var values: Tensor {
    if case .sums(let sums) = elements { return sums }
    let width = shape.droppingFirst.count
    return Tensor(shape: shape.droppingFirst.prepending(indices.count)) { values in
      guard let values = values.baseAddress else { return }
      forEachSum { position, columns, sum in
        let row = values + position * width
        for index in columns { row[index] = sum[index] }
      }
    }
  }

  /// Adds up what is not added up yet, for rows that are read several times.
  mutating func sum() { elements = .sums(values) }

  /// What no element is larger than.
  var magnitudeBound: Double {
    switch elements {
    case .sums(let sums): sums.squaredNorm.squareRoot()
    case .terms(let terms): terms.magnitudeBound
    }
  }

  /// Changes the rows' elements in place.
  mutating func updateValues(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    var values = self.values
    elements = .sums(Tensor(scalar: 0))
    values.withUnsafeMutableElements(body)
    elements = .sums(values)
  }

  /// Calls `body` with the elements of each row, some of its columns at a time, and its position among `indices`, several at
  /// the same time where that pays.
  package func forEachSum(
    _ body: (_ position: Int, _ columns: Range<Int>, _ sum: UnsafePointer<Float>) -> Void
  ) {
    let width = shape.droppingFirst.count
    switch elements {
    case .terms(let terms): terms.forEachSum(width: width, body)
    case .sums(let sums):
      sums.withUnsafePointer { sums in
        Threads.parallel(overTableRows: indices.count, of: width) { range, columns in
          for position in range { body(position, columns, sums + position * width) }
        }
      }
    }
  }
}
