import Tensors

/// Which keys a query must not attend to, beside those that causality hides.
///
/// What is given applies together. A query all of whose keys are hidden gets the output zero and passes no error term back;
/// there is no distribution over nothing.
public struct AttentionMask: Sendable {
  /// Hides nothing.
  public static let none = AttentionMask()

  /// `[batch, keys]`: 0 where an example has a key, any other number where it has filling; PyTorch's `key_padding_mask`.
  public let padding: Tensor?

  /// `[queries, keys]`, added to the scores of all examples and heads; −∞ hides a key from a query. A constant: nothing
  /// is learnt about it.
  public let additive: Tensor?

  /// How many keys, from the first, each example has; the others are filling.
  public let lengths: [Int]?

  /// A mask of any of the three kinds.
  public init(lengths: [Int]? = nil, padding: Tensor? = nil, additive: Tensor? = nil) {
    self.lengths = lengths
    self.padding = padding?.detached
    self.additive = additive?.detached
  }

  /// - Throws: ``ShapeError`` if it is not for so many examples, queries and keys.
  func check(batch: Int, queries: Int, keys: Int) throws {
    let site = "AttentionMask"
    if let padding, padding.shape != [batch, keys] {
      throw ShapeError(site, expected: "padding [\(batch), \(keys)]", got: padding.shape)
    }
    if let additive, additive.shape != [queries, keys] {
      throw ShapeError(site, expected: "an additive mask [\(queries), \(keys)]", got: additive.shape)
    }
    if let lengths, lengths.count != batch || !lengths.allSatisfy({ 0...keys ~= $0 }) {
      throw ShapeError(site, expected: "\(batch) lengths of at most \(keys) keys", got: "\(lengths)")
    }
  }

  /// The first key that no query of this example may attend to; all after it are hidden too.
  func end(example: Int, keys: Int) -> Int { lengths?[example] ?? keys }

  /// Adds what is to be added to a block of scores, [queries, keys], and makes those of hidden keys −∞.
  ///
  /// - Parameter reach: query i sees keys up to i + reach; `nil` without causality.
  func apply(
    to scores: UnsafeMutablePointer<Float>, example: Int, queries: Range<Int>, keys: Range<Int>, reach: Int?
  ) {
    additive?.withUnsafePointer { [columns = additive?.shape[1] ?? 0] additive in
      for (row, query) in queries.enumerated() {
        let (scores, bias) = (scores + row * keys.count, additive + query * columns + keys.lowerBound)
        for key in 0..<keys.count { scores[key] += bias[key] }
      }
    }
    padding?.withUnsafePointer { [columns = padding?.shape[1] ?? 0] padding in
      let padding = padding + example * columns + keys.lowerBound
      for row in 0..<queries.count {
        let scores = scores + row * keys.count
        for key in 0..<keys.count { scores[key] = padding[key] == 0 ? scores[key] : -.infinity }
      }
    }
    guard let reach else { return }
    for (row, query) in queries.enumerated() {
      let visible = min(max(query + reach + 1 - keys.lowerBound, 0), keys.count)
      (scores + row * keys.count + visible).update(repeating: -.infinity, count: keys.count - visible)
    }
  }
}
