import Tensors

/// One of the states that a recurrent operation has recorded one after the other.
///
/// | value | shape |
/// |---|---|
/// | `states` | `[blocks, batch, hidden]` |
/// | output | `[batch, hidden]` |
func stateBlock(_ index: Int, of states: Tensor) throws -> Tensor {
  let shape = states.shape.droppingFirst
  let block = Tensor(shape: shape) { block in
    states.withUnsafePointer { states in
      block.baseAddress?.initialize(from: states + index * shape.count, count: shape.count)
    }
  }
  return try block.recorded(from: states) { StateBlock(index: index, shape: states.shape) }
}

/// In the forward run the output was one block of the states; therefore its error term is that block's.
private struct StateBlock: DifferentiableOperation {
  let index: Int
  let shape: Shape

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    let count = error.count
    error.withUnsafePointer { error in
      terms.accumulate(to: 0, shape: shape) { term, beta in
        if beta == 0 { term.initialize(repeating: 0) }
        if let term = term.baseAddress { (term + index * count).add(error, count: count) }
      }
    }
  }
}
