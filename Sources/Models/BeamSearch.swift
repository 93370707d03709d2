import Tensors

/// The search for likely sequences that keeps the likeliest few beginnings at each step.
///
///     let search = BeamSearch(width: 4, longest: 20, end: 39)
///     let answers = try search.run(count: words.count, beginning: 40) { tokens, parents in
///       …                                            // ln P(next token), [tokens.count, vocabulary]
///     }
///
/// Of `width` · vocabulary continuations of a search's beginnings it keeps the `width` likeliest; one of these that ends
/// leaves the race. The search is over when no beginning is likelier than the likeliest that has ended, or at the greatest
/// length, where all that is left ends. With a width of 1 it takes the likeliest token each time.
/// Source: Sutskever, Vinyals and Le, "Sequence to sequence learning with neural networks", 2014, section 3.2.
public struct BeamSearch: Sendable, Hashable {
  /// The beginnings kept, at least 1.
  public let width: Int

  /// The most tokens of a sequence, without its end.
  public let longest: Int

  /// The token that ends a sequence.
  public let end: Int

  /// A search; a width below 1 counts as 1.
  public init(width: Int, longest: Int, end: Int) {
    (self.width, self.longest, self.end) = (max(1, width), longest, end)
  }

  /// A beginning of a sequence, or a whole one.
  private struct Hypothesis {
    var tokens: [Int] = []
    var logarithm: Float = 0
    /// The place in the step before of what it continues.
    var parent = 0
  }

  /// Searches for several sequences side by side.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - beginning: the token before a sequence's first.
  ///   - step: ln P(token) of each token that can come next, `[count · width, vocabulary]`, after the last tokens of
  ///     `count · width` beginnings. `parents` says which of the step before each of them continues: what the model
  ///     remembers of those goes to these.
  /// - Returns: the likeliest sequences without their ends.
  /// - Throws: what `step` throws; ``ShapeError`` if its logarithms have another shape.
  public func run(
    count: Int, beginning: Int, step: (_ tokens: [Int], _ parents: [Int]) throws -> Tensor
  ) throws -> [[Int]] {
    var beams = (0..<count).map { search in
      (0..<width).map { Hypothesis(parent: search * width + $0) }
    }
    var best: [Hypothesis?] = Array(repeating: nil, count: count)
    var isOver = Array(repeating: false, count: count)
    for length in 0...max(0, longest) where isOver.contains(false) {
      let kept = beams.flatMap(\.self)
      let logarithms = try step(kept.map { $0.tokens.last ?? beginning }, kept.map(\.parent))
      guard logarithms.shape.rank == 2, logarithms.shape[0] == count * width, logarithms.shape[1] > end,
        end >= 0
      else {
        throw ShapeError(
          "BeamSearch", expected: "[\(count * width), more than \(end)]", got: logarithms.shape)
      }
      let table = logarithms.array
      for search in 0..<count where !isOver[search] {
        let (next, ended) = continuations(
          of: beams[search], firstPlace: search * width, table, tokens: logarithms.shape[1],
          isFirst: length == 0, isLast: length == longest)
        if let ended, ended.logarithm > best[search]?.logarithm ?? -.infinity { best[search] = ended }
        beams[search] = next
        isOver[search] = (next.first?.logarithm ?? -.infinity) <= best[search]?.logarithm ?? -.infinity
      }
    }
    // Of a search that found no end in time, the likeliest beginning.
    return zip(best, beams).map { best, beam in
      Array((best ?? beam.first ?? Hypothesis()).tokens.prefix(max(0, longest)))
    }
  }

  /// The likeliest beginnings one token longer, the likeliest first, and the likeliest one that ended.
  private func continuations(
    of beam: [Hypothesis], firstPlace: Int, _ table: [Float], tokens: Int, isFirst: Bool, isLast: Bool
  ) -> (next: [Hypothesis], ended: Hypothesis?) {
    var candidates: [(logarithm: Float, place: Int, token: Int)] = []
    var ended: Hypothesis?
    // At first all are the same beginning.
    for place in 0..<(isFirst ? 1 : beam.count) {
      let hypothesis = beam[place]
      for token in 0..<tokens {
        let logarithm = hypothesis.logarithm + table[(firstPlace + place) * tokens + token]
        if token == end {
          if logarithm > ended?.logarithm ?? -.infinity {
            ended = Hypothesis(tokens: hypothesis.tokens, logarithm: logarithm)
          }
        } else if candidates.count < width || logarithm > candidates[candidates.count - 1].logarithm {
          let position = candidates.firstIndex { logarithm > $0.logarithm } ?? candidates.count
          candidates.insert((logarithm, place, token), at: position)
          if candidates.count > width { candidates.removeLast() }
        }
      }
    }
    // One that is not among the likeliest does not count, unless nothing else can.
    if let last = candidates.last, !isLast, candidates.count == width,
      ended?.logarithm ?? -.infinity <= last.logarithm
    {
      ended = nil
    }
    var next = candidates.map { candidate in
      Hypothesis(
        tokens: beam[candidate.place].tokens + [candidate.token], logarithm: candidate.logarithm,
        parent: firstPlace + candidate.place)
    }
    // Fewer tokens than places leave places that nothing comes of.
    while next.count < width { next.append(Hypothesis(logarithm: -.infinity, parent: firstPlace)) }
    return (next, ended)
  }
}
