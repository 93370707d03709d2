import Tensors
import Testing

/// Leaves NaN in the memory that the next tensors of so many elements get, so that one read before it is written shows.
public func poison(_ counts: Int...) {
  for count in counts {
    withExtendedLifetime((0..<4).map { _ in Tensor(repeating: .nan, shape: [count]) }) {}
  }
}

/// What `body` writes into memory full of NaN, which must stay so before and after.
public func poisoned(
  _ shape: Shape, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: (UnsafeMutablePointer<Float>) -> Void
) -> [Float] {
  let margin = 64
  let elements = Tensor(shape: [shape.count + 2 * margin]) { elements in
    elements.initialize(repeating: .nan)
    if let start = elements.baseAddress { body(start + margin) }
  }.array
  #expect(elements.prefix(margin).allSatisfy { $0.isNaN }, sourceLocation: sourceLocation)
  #expect(elements.suffix(margin).allSatisfy { $0.isNaN }, sourceLocation: sourceLocation)
  return Array(elements.dropFirst(margin).prefix(shape.count))
}

/// The gradients of `Σ weights · function(inputs)`, computed in poisoned memory; `weights` are the error terms that reach
/// the function.
public func poisonedGradients(
  at inputs: [Tensor], weights: Tensor, of function: ([Tensor]) throws -> Tensor
) throws -> [[Float]] {
  let tape = Tape()
  let output = try function(inputs.map(tape.watch))
  let total = try Tensor(scalar: 0).recorded(from: output) { WeightedSum(weights: weights) }
  for input in inputs { poison(input.count) }
  poison(output.count)
  return zip(try tape.gradients(of: total), inputs).map { gradient, input in
    gradient?.array ?? Array(repeating: 0, count: input.count)
  }
}
