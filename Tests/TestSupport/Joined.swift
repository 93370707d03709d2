import Tensors

/// The elements of several tensors one after the other, so that what a function returns beside its output is checked too.
public func joined(_ tensors: [Tensor]) throws -> Tensor {
  try tensors.dropFirst().reduce(flattened(tensors[0])) { first, second in
    let (first, elements) = (first, first.array + second.array)
    return try Tensor(elements).recorded(from: first, second) {
      Joined(first: first.shape, second: second.shape)
    }
  }
}

private func flattened(_ tensor: Tensor) throws -> Tensor {
  try Tensor(tensor.array).recorded(from: tensor) { Joined(first: tensor.shape, second: [0]) }
}

private struct Joined: DifferentiableOperation {
  let first: Shape
  let second: Shape

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    let elements = error.array
    try inputs.add(Tensor(elements.prefix(first.count), shape: first), to: 0)
    if second.count > 0 { try inputs.add(Tensor(elements.suffix(second.count), shape: second), to: 1) }
  }
}
