import Tensors

/// The outputs of one direction, or of two side by side, in the order of their input.
///
/// | value | shape |
/// |---|---|
/// | states, each | `[steps + 1, batch, hidden]`, or with one block more |
/// | output | `[batch, steps, directions · hidden]` |
///
/// - Throws: ``ShapeError`` if the two ran over sequences of different shapes.
func sequenceOutput(of first: StateSequence, _ second: StateSequence?) throws -> Tensor {
  let geometry = first.geometry
  let directions = [first, second].compactMap(\.self)
  if let second, (second.geometry.batch, second.geometry.steps) != (geometry.batch, geometry.steps) {
    throw ShapeError(
      "output(beside:)", expected: "\(geometry.batch) sequences of \(geometry.steps) steps",
      got: "\(second.geometry.batch) of \(second.geometry.steps)")
  }
  let width = directions.reduce(0) { $0 + $1.geometry.hidden }
  guard let shape = Shape(exactly: [geometry.batch, geometry.steps, width]) else {
    throw ShapeError("output(beside:)", expected: "fewer neurons", got: "\(width)")
  }
  let output = Tensor(shape: shape) { output in
    guard let output = output.baseAddress else { return }
    var column = 0
    for direction in directions {
      let (hidden, states) = (direction.geometry.hidden, direction.states)
      let block = geometry.batch * hidden
      states.withUnsafePointer { states in
        direction.geometry.forEachRow(of: hidden) { external, inside, isPresent in
          let target = output + external * width + column
          if isPresent {
            target.initialize(from: states + block + inside * hidden, count: hidden)
          } else {
            target.initialize(repeating: 0, count: hidden)
          }
        }
      }
      column += hidden
    }
  }
  return try output.recorded(from: first.states, second?.states) {
    SequenceOutput(
      geometries: directions.map(\.geometry), shapes: directions.map(\.states.shape), width: width)
  }
}

/// In the forward run a row of the output was a state, or zero past the end of a sequence; therefore its error term is that
/// state's, and past the end there is none to pass on.
private struct SequenceOutput: DifferentiableOperation {
  let geometries: [SequenceGeometry]
  let shapes: [Shape]
  let width: Int

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    error.withUnsafePointer { error in
      var column = 0
      for (direction, geometry) in geometries.enumerated() {
        let hidden = geometry.hidden
        terms.accumulate(to: direction, shape: shapes[direction]) { term, beta in
          guard let start = term.baseAddress else { return }
          let first = start + geometry.batch * hidden
          if beta == 0 {
            // Beside the rows below: the initial state, and a cell's memory.
            start.initialize(repeating: 0, count: geometry.batch * hidden)
            let end = first + geometry.rows * hidden
            end.initialize(repeating: 0, count: start + term.count - end)
          }
          geometry.forEachRow(of: hidden) { external, inside, isPresent in
            let (target, error) = (first + inside * hidden, error + external * width + column)
            if beta == 1 {
              if isPresent { target.add(error, count: hidden) }
            } else if isPresent {
              target.initialize(from: error, count: hidden)
            } else {
              target.initialize(repeating: 0, count: hidden)
            }
          }
        }
        column += hidden
      }
    }
  }
}
