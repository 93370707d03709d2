import LinearAlgebra

/// The rows, along the first axis, of a gradient that is zero in all others.
public struct GradientRows: Sendable {
  /// The shape of what this is the gradient of.
  public let shape: Shape

  /// Which rows, in ascending order, each once.
  public let indices: [Int]

  /// The rows' elements, in that order: `shape` with the first axis replaced by the number of `indices`.
  public internal(set) var values: Tensor

  /// The sums of rows that may come several times, and in any order; equal ones are added in the order given.
  ///
  /// - Precondition: each row lies within the first axis, and the pieces' values have rows of `shape.droppingFirst`.
  /// - Complexity: the terms' rows once, and their number once for each byte of the largest row.
  init(shape: Shape, summing pieces: [RowTerms]) {
    let width = shape.droppingFirst.count
    let terms = pieces.flatMap(\.terms).sorted(below: shape[0])
    let starts = terms.indices.filter { $0 == 0 || terms[$0].row != terms[$0 - 1].row }
    self.shape = shape
    indices = starts.map { terms[$0].row }
    values = Tensor(shape: shape.droppingFirst.prepending(starts.count)) { sums in
      guard let sums = sums.baseAddress else { return }
      Threads.parallel(overRows: starts.count, of: width) { range in
        for position in range {
          let (sum, start) = (sums + position * width, starts[position])
          let end = position + 1 < starts.count ? starts[position + 1] : terms.count
          sum.initialize(from: terms[start].elements, count: width)
          for term in start + 1..<end {
            let elements = terms[term].elements
            for index in 0..<width { sum[index] += elements[index] }
          }
        }
      }
    }
    // What the terms point to.
    withExtendedLifetime(pieces) {}
  }

  /// Calls `body` for each row and its position among `indices`, several at a time where that pays.
  package func parallel(_ body: (_ row: Int, _ position: Int) -> Void) {
    Threads.parallel(overRows: indices.count, of: shape.droppingFirst.count) { range in
      for position in range { body(indices[position], position) }
    }
  }
}

/// What a look-up passes back to the rows of its table.
struct RowTerms: Sendable {
  /// The row to which each term belongs.
  let rows: [Int]

  /// The row of `values` that each term is; if `nil`, they are all its rows in order.
  let sources: [Int]?

  let values: Tensor

  /// One term: the row that it is added to, and the first of its elements.
  struct Term {
    let row: Int
    let elements: UnsafePointer<Float>
  }

  /// The terms in the order given, which point into `values`.
  fileprivate var terms: [Term] {
    let width = values.shape.droppingFirst.count
    return values.withUnsafePointer { values in
      guard let sources else {
        return rows.enumerated().map { Term(row: $1, elements: values + $0 * width) }
      }
      return rows.indices.map { Term(row: rows[$0], elements: values + sources[$0] * width) }
    }
  }
}

extension [RowTerms.Term] {
  /// These in ascending order of their rows, which lie in 0..<count; equal ones stay in order.
  ///
  /// They are dealt out by each byte of the row, the lowest first: as fast as copying, where comparing takes longer than all
  /// that is done with the terms.
  fileprivate func sorted(below count: Int) -> Self {
    guard let first else { return [] }
    var (sorted, dealt) = (self, Array(repeating: first, count: self.count))
    var shift = 0
    while (count - 1) >> shift > 0 {
      var places = [Int](repeating: 0, count: 257)
      for term in sorted { places[term.row >> shift & 255 + 1] += 1 }
      for byte in 1..<256 { places[byte] += places[byte - 1] }
      for term in sorted {
        let byte = term.row >> shift & 255
        dealt[places[byte]] = term
        places[byte] += 1
      }
      swap(&sorted, &dealt)
      shift += 8
    }
    return sorted
  }
}
