import LinearAlgebra
import Tensors

/// Attention cut into blocks of queries × keys, so that no matrix of all scores is ever in memory.
///
/// What forward and backward share: which blocks there are, and a block's scores.
struct AttentionBlocks: Sendable {
  /// The most queries and keys of a block; its scores stay in a processor's second-level cache.
  static let mostQueries = 64
  static let mostKeys = 128

  /// Multiply-adds below which a second thread costs more than it saves.
  private static let worthThread = 500_000

  let geometry: AttentionGeometry
  let mask: AttentionMask
  let isCausal: Bool
  let scale: Float
  let dropout: AttentionDropout?

  /// The number of heads of all examples.
  var heads: Int { geometry.batch * geometry.heads }

  /// With causality, query i sees keys up to i + reach: the last query sees all.
  private var reach: Int? { isCausal ? geometry.keys - geometry.queries : nil }

  /// The blocks of queries.
  var queries: [Range<Int>] { Self.blocks(of: geometry.queries, most: Self.mostQueries) }

  /// The blocks of keys of which a head's queries see some.
  func keys(seenBy queries: Range<Int>, ofHead head: Int) -> [Range<Int>] {
    let end = mask.end(example: head / geometry.heads, keys: geometry.keys)
    let reached = reach.map { max(0, queries.upperBound + $0) } ?? end
    return Self.blocks(of: min(end, reached), most: Self.mostKeys)
  }

  private static func blocks(of count: Int, most: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: most).map { $0..<min(count, $0 + most) }
  }

  /// s = scale · q · kᵀ for a block, masked.
  func scores(
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, ofHead head: Int, queries: Range<Int>,
    keys: Range<Int>, into scores: UnsafeMutablePointer<Float>
  ) {
    let (qPlace, kPlace) = (geometry.queries(ofHead: head), geometry.keys(ofHead: head))
    BLAS.gemm(
      .none, .transposed, m: queries.count, n: keys.count, k: geometry.width, alpha: scale,
      a: q + qPlace.start + queries.lowerBound * qPlace.step, lda: qPlace.step,
      b: k + kPlace.start + keys.lowerBound * kPlace.step, ldb: kPlace.step, c: scores, ldc: keys.count)
    mask.apply(to: scores, example: head / geometry.heads, queries: queries, keys: keys, reach: reach)
  }

  /// Drops elements of a block, the same ones each time.
  func drop(from block: UnsafeMutablePointer<Float>, ofHead head: Int, queries: Range<Int>, keys: Range<Int>)
  {
    let place = (head &* geometry.queries &+ queries.lowerBound) &* geometry.keys &+ keys.lowerBound
    dropout?.apply(
      to: UnsafeMutableBufferPointer(start: block, count: queries.count * keys.count), place: place)
  }

  /// Runs `body` for the numbers `0..<count`, on several threads where each is worth it.
  func parallel(_ count: Int, queriesEach: Int, _ body: (Int) -> Void) {
    guard count > 0 else { return }
    let work = Double(queriesEach) * Double(geometry.keys) * Double(geometry.width + geometry.valueWidth)
    Threads.parallel(over: count, least: Int(Double(Self.worthThread) / max(1, work)) + 1) { range in
      for number in range { body(number) }
    }
  }
}

extension Elementary {
  /// Replaces each x by e^{x − offset} and returns their sum.
  static func exponentials(of row: UnsafeMutablePointer<Float>, count: Int, minus offset: Float) -> Float {
    exponentials(of: UnsafeMutableBufferPointer(start: row, count: count), minus: offset)
  }
}
