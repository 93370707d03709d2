import Layers
import Operations
import Tensors

/// A network that tells, at each place of a text, which token comes next.
///
/// A text is whole numbers, one a token, as a vocabulary gives them. Trained to make ``loss(_:in:)`` small, the model writes
/// texts of its own by ``continuation(of:count:temperature:using:)``.
public protocol LanguageModel: Module {
  /// What the model keeps of the text so far.
  associatedtype Memory: Sendable

  /// The number of different tokens.
  var vocabulary: Int { get }

  /// The most tokens to give in one call.
  var longest: Int { get }

  /// The scores of each token to come next, at each place of texts from their beginning on.
  ///
  /// | value | shape |
  /// |---|---|
  /// | `tokens` | `[batch, length]` |
  /// | output | `[batch, length, vocabulary]` |
  ///
  /// - Throws: ``ShapeError`` if a token is not of the vocabulary, or there are too many.
  func scores(_ tokens: Indices, in pass: Pass) throws -> Tensor

  /// The same for the next tokens of texts that have been read in part; in inference.
  ///
  /// - Parameter memory: of the tokens before, `nil` at the beginning; afterwards, of these too.
  /// - Throws: ``ShapeError`` too if the batch is not the memory's.
  func scores(_ tokens: Indices, continuing memory: inout Memory?) throws -> Tensor
}

extension LanguageModel {
  /// The mean of −ln P(token | those before it) over all tokens but the first of each text.
  ///
  /// - Parameter texts: `[batch, length + 1]`.
  /// - Throws: ``ShapeError`` if there are no texts, or one has fewer than two tokens or too many.
  public func loss(_ texts: Indices, in pass: Pass) throws -> Tensor {
    try loss(texts) { try scores($0, in: pass) }
  }

  private func loss(_ texts: Indices, _ scores: (Indices) throws -> Tensor) throws -> Tensor {
    guard texts.shape.rank == 2, texts.shape[0] > 0, texts.shape[1] > 1 else {
      throw ShapeError("loss", expected: "texts [batch, length] of at least two tokens", got: texts.shape)
    }
    let (batch, length) = (texts.shape[0], texts.shape[1] - 1)
    let rows = (0..<batch).map { texts.elements[$0 * (length + 1)..<($0 + 1) * (length + 1)] }
    let given = try Indices(rows.flatMap { $0.dropLast() }, shape: [batch, length])
    return try softmaxCrossEntropy(
      reshape(scores(given), to: [batch * length, vocabulary]), rows.flatMap { $0.dropFirst() })
  }

  /// The mean of −ln P(token | those before it) over a long text, in inference; divided by ln 2, bits a token.
  ///
  /// The text is read in parts side by side, each from its own beginning on: what lies before a part is not known to it.
  ///
  /// - Parameter parts: how many; fewer are more exact and slower.
  /// - Throws: ``ShapeError`` if the text has fewer than two tokens.
  public func crossEntropy(of text: [Int], parts: Int = 32) throws -> Float {
    guard text.count > 1 else {
      throw ShapeError("crossEntropy", expected: "at least two tokens", got: text.count)
    }
    let parts = max(1, min(parts, (text.count - 1) / 2))
    let steps = (text.count - 1) / parts
    // By half of what it takes at a time, a model of a bounded context has the other half to look back on.
    let stretch = max(1, longest / 2)
    var memory: Memory?
    var sum = 0.0
    for start in stride(from: 0, to: steps, by: stretch) {
      let length = min(stretch, steps - start)
      let tokens = (0..<parts).flatMap { text[$0 * steps + start...$0 * steps + start + length] }
      let mean = try loss(Indices(tokens, shape: [parts, length + 1])) {
        try scores($0, continuing: &memory)
      }
      sum += try Double(mean.item()) * Double(length)
    }
    return Float(sum / Double(steps))
  }

  /// Tokens that go on from a beginning, each drawn from softmax(scores / temperature).
  ///
  /// - Parameters:
  ///   - beginning: at least one token.
  ///   - temperature: 1 for the model's own distribution, less for likelier texts; at 0 the likeliest token each time.
  /// - Throws: ``ShapeError`` if the beginning has no token or one that is not of the vocabulary, or the temperature is
  ///   negative or not finite.
  public func continuation(
    of beginning: [Int], count: Int, temperature: Float = 1, using random: inout RandomSource
  ) throws -> [Int] {
    guard !beginning.isEmpty else {
      throw ShapeError("continuation", expected: "at least one token to begin with", got: 0)
    }
    var memory: Memory?
    var scores: Tensor?
    for start in stride(from: 0, to: beginning.count, by: longest) {
      let part = beginning[start..<min(start + longest, beginning.count)]
      scores = try self.scores(Indices(part, shape: [1, part.count]), continuing: &memory)
    }
    var tokens: [Int] = []
    while tokens.count < count, let last = scores {
      let token = try sample(
        from: Array(last.array.suffix(vocabulary)), temperature: temperature, using: &random)
      tokens.append(token)
      scores = try self.scores(Indices([token], shape: [1, 1]), continuing: &memory)
    }
    return tokens
  }
}

/// A position drawn from softmax(scores / temperature); the highest score's at a temperature of 0.
///
/// - Throws: ``ShapeError`` if there are no scores, or the temperature is negative or not finite.
public func sample(
  from scores: [Float], temperature: Float, using random: inout RandomSource
) throws -> Int {
  guard let highest = scores.max(), temperature >= 0, temperature.isFinite else {
    throw ShapeError(
      "sample", expected: "scores and a temperature of at least 0", got: "\(scores.count) at \(temperature)")
  }
  guard temperature > 0 else { return scores.firstIndex(of: highest) ?? 0 }
  let weights = try softmax(Tensor(scores.map { ($0 - highest) / temperature })).array
  var rest = random.uniform() * weights.reduce(0, +)
  for (position, weight) in weights.enumerated() {
    rest -= weight
    if rest < 0 { return position }
  }
  return weights.lastIndex { $0 > 0 } ?? 0
}
