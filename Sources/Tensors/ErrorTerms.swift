/// ∂loss/∂value for the inputs of an operation, collected while error terms flow back through a tape.
///
/// A value used several times receives the sum of what flows into it.
public struct ErrorTerms {
  /// By slot of the tape.
  private var terms: [Tensor?]

  /// What flows into some rows only, by slot, beside `terms`; summed when it is asked for, so that a table that is used
  /// at each step of a sequence has its rows sorted once.
  private var rows: [Int: [RowTerms]] = [:]

  /// The only term so far of a slot, not multiplied yet; there is none beside it in `terms`.
  private var products: [Int: GradientProduct] = [:]

  /// The slots of the inputs of the operation at hand; `nil` for a constant.
  var inputs: [Int?] = []

  /// Nothing yet, but for the value whose error term is 1: the loss.
  init(slots: Int, loss: Int, shape: Shape) {
    terms = Array(repeating: nil, count: slots)
    terms[loss] = Tensor(repeating: 1, shape: shape)
  }

  /// Whether anything is to be learnt about this input; for a constant its error term need not be computed.
  public func wants(_ input: Int) -> Bool { inputs[input] != nil }

  /// Adds `term` to the error term of an input.
  ///
  /// - Precondition: `term` has the input's shape.
  public mutating func add(_ term: consuming Tensor, to input: Int) {
    guard let slot = inputs[input] else { return }
    multiply(slot)
    if terms[slot] == nil {
      terms[slot] = term
    } else {
      terms[slot]?.add(term)
    }
  }

  /// Adds a product to the error term of an input: what a layer of neurons passes back to its weights.
  ///
  /// Where its factors take less memory than the product, and nothing else flows into the input, they stay factors.
  ///
  /// - Precondition: `product` has the input's shape.
  public mutating func add(_ product: GradientProduct, to input: Int) {
    guard let slot = inputs[input] else { return }
    if terms[slot] == nil, products[slot] == nil, product.isSmallerAsFactors {
      products[slot] = product
    } else {
      accumulate(to: input, shape: product.shape) { product.multiply(into: $0, beta: $1) }
    }
  }

  /// Adds rows of `term` to some rows, along the first axis, of the error term of an input: what a look-up passes back.
  ///
  /// - Parameters:
  ///   - sources: which rows of `term` are added; if `nil`, all in their order.
  ///   - indices: the row to which each of them is added; one may come several times.
  /// - Precondition: the rows added are as many as `indices` and of the shape of the input's.
  public mutating func add(_ term: Tensor, rows sources: [Int]? = nil, toRows indices: [Int], of input: Int) {
    guard let slot = inputs[input] else { return }
    precondition((sources?.count ?? term.shape[0]) == indices.count, "rows for \(indices.count) indices")
    rows[slot, default: []].append(RowTerms(rows: indices, sources: sources, values: term.detached))
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
    multiply(slot)
    if terms[slot] == nil {
      terms[slot] = try Tensor(shape: shape) { try body($0, 0) }
    } else {
      try terms[slot]?.withUnsafeMutableElements { try body($0, 1) }
    }
  }

  /// Removes and returns the error term of a slot, a value of the given shape: by rows or as a product if nothing else has
  /// flowed into it.
  mutating func take(_ slot: Int, shape: Shape) -> Gradient? {
    guard let pieces = rows.removeValue(forKey: slot) else {
      return products.removeValue(forKey: slot).map(Gradient.product)
        ?? terms[slot].take().map(Gradient.dense)
    }
    multiply(slot)
    let sum = Gradient.rows(GradientRows(shape: shape, summing: pieces))
    guard var dense = terms[slot].take() else { return sum }
    dense.add(sum)
    return .dense(dense)
  }

  /// Makes a slot's product a tensor, to which other terms can be added.
  private mutating func multiply(_ slot: Int) {
    guard !products.isEmpty, let product = products.removeValue(forKey: slot) else { return }
    terms[slot] = product.dense
  }
}
