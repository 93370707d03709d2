/// ∂loss/∂value for the inputs of an operation, collected while error terms flow back through a tape.
///
/// A value used several times receives the sum of what flows into it.
public struct ErrorTerms {
  /// By slot of the tape.
  var terms: [Tensor?]

  /// The slots of the inputs of the operation at hand; `nil` for a constant.
  var inputs: [Int?] = []

  init(slots: Int) { terms = Array(repeating: nil, count: slots) }

  /// Whether anything is to be learnt about this input; for a constant its error term need not be computed.
  public func wants(_ input: Int) -> Bool { inputs[input] != nil }

  /// Adds `term` to the error term of an input.
  ///
  /// - Precondition: `term` has the input's shape.
  public mutating func add(_ term: consuming Tensor, to input: Int) {
    guard let slot = inputs[input] else { return }
    if terms[slot] == nil {
      terms[slot] = term
    } else {
      terms[slot]?.add(term)
    }
  }

  /// Adds to the error term of an input without an intermediate tensor.
  ///
  /// - Parameters:
  ///   - shape: the input's shape.
  ///   - body: gets the elements and β, as gemm has it: with β = 0 they are uninitialized and all to be written; with
  ///     β = 1 the new term is to be added to them.
  public mutating func accumulate(
    to input: Int, shape: Shape, _ body: (UnsafeMutableBufferPointer<Float>, _ beta: Float) throws -> Void
  ) rethrows {
    guard let slot = inputs[input] else { return }
    if terms[slot] == nil {
      terms[slot] = try Tensor(shape: shape) { try body($0, 0) }
    } else {
      try terms[slot]?.withUnsafeMutableElements { try body($0, 1) }
    }
  }
}
