import LinearAlgebra

/// What a look-up passes back to the rows of its table.
struct RowTerms: Sendable {
  /// The row to which each term belongs.
  let rows: [Int]

  /// The row of `values` that each term is; if `nil`, they are all its rows in order.
  let sources: [Int]?

  let values: Tensor
}

/// The terms of several look-ups in ascending order of their rows; those of one row in the order given.
struct SortedRowTerms: Sendable {
  /// One term: the row that it is added to, and the row of a piece that it is. Small, since all are moved when they are sorted.
  private struct Term {
    let row: Int
    let piece: UInt32
    let source: UInt32
  }

  /// The rows, each once.
  let rows: [Int]

  /// What the pieces passed back.
  private let values: [Tensor]
  private let terms: [Term]

  /// Where the terms of each row begin, and where those of the last end.
  private let starts: [Int]

  /// - Precondition: each row lies in `0..<count`.
  init(_ pieces: [RowTerms], below count: Int) {
    var terms: [Term] = []
    terms.reserveCapacity(pieces.reduce(0) { $0 + $1.rows.count })
    for (piece, given) in pieces.enumerated() {
      for (place, row) in given.rows.enumerated() {
        let source = given.sources?[place] ?? place
        terms.append(Term(row: row, piece: UInt32(piece), source: UInt32(source)))
      }
    }
    Self.sort(&terms, below: count)
    var (rows, starts) = ([Int](), [Int]())
    rows.reserveCapacity(terms.count)
    starts.reserveCapacity(terms.count + 1)
    for (place, term) in terms.enumerated() where term.row != rows.last {
      rows.append(term.row)
      starts.append(place)
    }
    starts.append(terms.count)
    (self.rows, self.starts, self.terms, values) = (rows, starts, terms, pieces.map(\.values))
  }

  /// The elements of all that was passed back.
  var elementCount: Int { values.reduce(0) { $0 + $1.count } }

  /// What no element of a sum is larger than.
  var magnitudeBound: Double {
    let squares = values.reduce(0) { $0 + $1.squaredNorm }
    return Double(terms.count) * squares.squareRoot()
  }

  /// Calls `body` with the sum of the terms of each row, of which the given ones of its `width` columns are added up, and its
  /// position among `rows`, several at a time where that pays.
  func forEachSum(
    width: Int, _ body: (_ position: Int, _ columns: Range<Int>, _ sum: UnsafePointer<Float>) -> Void
  ) {
    let pieces = values.map { $0.withUnsafePointer { $0 } }
    func elements(_ place: Int) -> UnsafePointer<Float> {
      pieces[Int(terms[place].piece)] + Int(terms[place].source) * width
    }
    Threads.parallel(overTableRows: rows.count, of: width) { range, columns in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { sum in
        guard let sum = sum.baseAddress else { return }
        for position in range {
          let (start, end) = (starts[position], starts[position + 1])
          if end == start + 1 {
            body(position, columns, elements(start))
            continue
          }
          let first = elements(start)
          for index in columns { sum[index] = first[index] }
          for place in start + 1..<end {
            let term = elements(place)
            for index in columns { sum[index] += term[index] }
          }
          body(position, columns, sum)
        }
      }
    }
    // What `pieces` point to.
    withExtendedLifetime(values) {}
  }

  /// Brings terms into ascending order of their rows, which lie in 0..<count; equal ones stay in order.
  ///
  /// They are dealt out by each byte of the row, the lowest first: as fast as copying, where comparing takes longer than all
  /// that is done with the terms.
  private static func sort(_ terms: inout [Term], below count: Int) {
    guard let first = terms.first else { return }
    var dealt = Array(repeating: first, count: terms.count)
    var shift = 0
    while (count - 1) >> shift > 0 {
      dealt.withUnsafeMutableBufferPointer { dealt in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 257) { places in
          places.initialize(repeating: 0)
          for term in terms { places[term.row >> shift & 255 + 1] += 1 }
          for byte in 1..<256 { places[byte] += places[byte - 1] }
          for term in terms {
            let byte = term.row >> shift & 255
            dealt[places[byte]] = term
            places[byte] += 1
          }
        }
      }
      swap(&terms, &dealt)
      shift += 8
    }
  }
}
