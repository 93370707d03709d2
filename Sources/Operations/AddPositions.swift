import Tensors

/// A sequence with the vector of its place added to each element: output[b, t, :] = input[b, t, :] + table[start + t, :].
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[…, length, dimension]` |
/// | `table` | `[places, dimension]` |
///
/// - Parameter start: the place of the first element; more than 0 where a sequence is continued.
/// - Throws: ``ShapeError`` if the dimensions differ, or a place is not in the table.
public func addPositions(to input: Tensor, from table: Tensor, startingAt start: Int = 0) throws -> Tensor {
  guard table.shape.rank == 2 else {
    throw ShapeError("addPositions", expected: "a table [places, dimension]", got: table.shape)
  }
  let (places, dimension) = (table.shape[0], table.shape[1])
  guard input.shape.rank >= 2, input.shape[-1] == dimension, start >= 0, start <= places,
    input.shape[-2] <= places - start
  else {
    throw ShapeError(
      "addPositions", expected: "[…, length, \(dimension)] with places in 0..<\(places)",
      got: "\(input.shape) from place \(start) on")
  }
  let length = input.shape[-2]
  var output = input.detached
  output.withUnsafeMutableElements { output in
    table.withUnsafePointer { table in
      guard var sequence = output.baseAddress else { return }
      let (table, size) = (table + start * dimension, length * dimension)
      for _ in 0..<(size == 0 ? 0 : output.count / size) {
        for index in 0..<size { sequence[index] += table[index] }
        sequence += size
      }
    }
  }
  return try output.recorded(from: input, table) {
    AddPositions(table: table.shape, start: start, length: length)
  }
}

/// In the forward run y = x + p with the place's vector p; therefore the error term of x is that of y, and the gradient of
/// p is the sum of the error terms at its place over the batch. Places that were not used have no gradient.
private struct AddPositions: DifferentiableOperation {
  let table: Shape
  let start: Int
  let length: Int

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    if inputs.wants(1) {
      let size = length * table[1]
      let sum = Tensor(shape: [length, table[1]]) { sum in
        sum.initialize(repeating: 0)
        error.withUnsafeElements { error in
          guard var sequence = error.baseAddress else { return }
          for _ in 0..<(size == 0 ? 0 : error.count / size) {
            for index in 0..<size { sum[index] += sequence[index] }
            sequence += size
          }
        }
      }
      inputs.add(sum, toRows: Array(start..<start + length), of: 1)
    }
    inputs.add(error, to: 0)
  }
}
