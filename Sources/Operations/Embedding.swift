import Tensors

/// The rows of a table that the indices name: output[…, :] = table[indices[…], :].
///
/// | value | shape |
/// |---|---|
/// | `indices` | any, with at most seven axes |
/// | `table` | `[vocabulary, dimension]` |
/// | output | `indices`'s and `dimension` |
///
/// It is the lecture's one-hot vector times a fully connected layer, ωx with x one-hot and ω = tableᵀ, without the zeros.
///
/// - Parameter padding: an index whose row is learnt from nothing, such as that of filling at the end of a sentence.
/// - Throws: ``ShapeError`` if `table` is not `[vocabulary, dimension]`, or an index, whose place is named, is not in
///   0..<vocabulary.
/// - Complexity: the rows named, forward and backward; nothing costs the size of the table.
public func embedding(_ indices: Indices, table: Tensor, padding: Int? = nil) throws -> Tensor {
  guard table.shape.rank == 2 else {
    throw ShapeError("embedding", expected: "a table [vocabulary, dimension]", got: table.shape)
  }
  let (vocabulary, dimension) = (table.shape[0], table.shape[1])
  guard let shape = Shape(exactly: indices.shape.array + [dimension]) else {
    throw ShapeError(
      "embedding", expected: "indices of at most \(Shape.maximumRank - 1) axes, and memory for their rows",
      got: "\(indices.shape) and rows of \(dimension)")
  }
  if let complaint = indices.complaint(outside: vocabulary) {
    throw ShapeError("embedding", expected: "indices in 0..<\(vocabulary)", got: complaint)
  }
  let output = Tensor(shape: shape) { output in
    guard let output = output.baseAddress else { return }
    table.withUnsafeElements { table in
      guard let table = table.baseAddress else { return }
      for (place, index) in indices.elements.enumerated() {
        (output + place * dimension).initialize(from: table + index * dimension, count: dimension)
      }
    }
  }
  return try output.recorded(from: table) { Embedding(indices: indices.elements, padding: padding) }
}

/// In the forward run the output at each place is the row of the table that the index there names; therefore the gradient
/// of a row is the sum of the error terms e of the places that name it, and that of all other rows is zero.
///
/// In the lecture's factors, with the one-hot x of a place: error term e, gradient 1 in this layer, previous layer's
/// result x, and e · xᵀ has e in the one column that x selects. Indices have no error term.
private struct Embedding: DifferentiableOperation {
  let indices: [Int]
  let padding: Int?

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    let rows = try error.reshaped(to: [indices.count, error.shape[-1]])
    guard let padding, indices.contains(padding) else { return inputs.add(rows, toRows: indices, of: 0) }
    let places = indices.indices.filter { indices[$0] != padding }
    inputs.add(rows, rows: places, toRows: places.map { indices[$0] }, of: 0)
  }
}
