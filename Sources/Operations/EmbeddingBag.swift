import LinearAlgebra
import Tensors

/// How the vectors of a bag of words become one.
public enum BagReduction: String, Sendable, Codable {
  case sum, mean
}

/// The sum or mean of the rows of a table that each bag of indices names: output[…, :] = Σₖ table[indices[…, k], :], for
/// the mean divided by the number of them.
///
/// | value | shape |
/// |---|---|
/// | `indices` | any, with one to eight axes; along the last, of at least one index, lies a bag |
/// | `table` | `[vocabulary, dimension]` |
/// | output | `indices`'s with `dimension` in place of the last axis |
///
/// It is ``embedding(_:table:padding:)`` and a sum along the axis before the last, without the vectors of the single words in
/// memory, forward or backward. Source: Joulin et al., "Bag of tricks for efficient text classification", 2017, equation 1.
///
/// - Parameter padding: an index that counts for nothing, in the sum, in the mean and in learning: with it bags of different
///   sizes are filled up. A bag of nothing else gives zeros.
/// - Throws: ``ShapeError`` if `table` is not `[vocabulary, dimension]`, a bag has no index, or an index, whose place is named,
///   is not in 0..<vocabulary.
/// - Complexity: the rows named, forward and backward; nothing costs the size of the table.
public func embeddingBag(
  _ indices: Indices, table: Tensor, reduction: BagReduction = .mean, padding: Int? = nil
) throws -> Tensor {
  guard table.shape.rank == 2, let size = indices.shape.array.last, size > 0 else {
    throw ShapeError(
      "embeddingBag", expected: "a table [vocabulary, dimension], and bags of at least one index",
      got: "\(table.shape) and \(indices.shape)")
  }
  let (vocabulary, dimension) = (table.shape[0], table.shape[1])
  let bags = indices.shape.array.dropLast()
  guard let shape = Shape(exactly: bags + [dimension]) else {
    throw ShapeError(
      "embeddingBag", expected: "memory for a vector a bag", got: "\(indices.shape) and rows of \(dimension)")
  }
  if let complaint = indices.complaint(outside: vocabulary) {
    throw ShapeError("embeddingBag", expected: "indices in 0..<\(vocabulary)", got: complaint)
  }
  let operation = EmbeddingBag(
    indices: indices, factors: indices.bagFactors(reduction, padding: padding), padding: padding)
  return try operation.output(of: table, shape: shape).recorded(from: table) { operation }
}

private struct EmbeddingBag: DifferentiableOperation {
  let indices: Indices

  /// What each bag's sum is multiplied by.
  let factors: [Float]

  let padding: Int?

  /// The number of indices in a bag.
  private var size: Int { indices.shape[-1] }

  func output(of table: Tensor, shape: Shape) -> Tensor {
    let (dimension, size) = (shape[-1], size)
    return Tensor(shape: shape) { output in
      guard let output = output.baseAddress else { return }
      table.withUnsafePointer { table in
        Threads.parallel(overTableRows: factors.count, rowsOfEach: size, of: dimension) { bags, columns in
          for bag in bags {
            let sum = output + bag * dimension
            for column in columns { sum[column] = 0 }
            for place in bag * size..<(bag + 1) * size {
              let ahead = place + Elementary.rowsFetchedAhead
              if ahead < indices.elements.count {
                Elementary.fetch(
                  table + (indices.elements[ahead] * dimension + columns.lowerBound), count: columns.count)
              }
              guard indices.elements[place] != padding else { continue }
              let row = table + indices.elements[place] * dimension
              for column in columns { sum[column] += row[column] }
            }
            let factor = factors[bag]
            for column in columns { sum[column] *= factor }
          }
        }
      }
    }
  }

  /// In the forward run the output of a bag is f times the sum of its rows, with f = 1, or for the mean 1 / their number;
  /// therefore the gradient of a row is the sum of f e over the places that name it, e being the error term of the place's bag.
  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    let dimension = error.shape[-1]
    var scaled = try error.reshaped(to: [factors.count, dimension])
    scaled.withUnsafeMutableElements { scaled in
      for (bag, factor) in factors.enumerated() {
        for place in bag * dimension..<(bag + 1) * dimension { scaled[place] *= factor }
      }
    }
    var (bags, rows) = ([Int](), [Int]())
    bags.reserveCapacity(indices.shape.count)
    rows.reserveCapacity(indices.shape.count)
    for bag in factors.indices {
      for index in indices.elements[bag * size..<(bag + 1) * size] where index != padding {
        bags.append(bag)
        rows.append(index)
      }
    }
    inputs.add(scaled, rows: bags, toRows: rows, of: 0)
  }
}

extension Indices {
  /// What the sum of each bag, along the last axis, is multiplied by: 1, or for the mean 1 / the number of those that are
  /// not padding.
  fileprivate func bagFactors(_ reduction: BagReduction, padding: Int?) -> [Float] {
    let size = shape[-1]
    return (0..<shape.count / size).map { bag in
      switch reduction {
      case .sum: 1
      case .mean:
        1 / Float(max(1, elements[bag * size..<(bag + 1) * size].count { $0 != padding }))
      }
    }
  }
}
