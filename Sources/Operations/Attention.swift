import LinearAlgebra
import Tensors

/// Scaled dot-product attention: softmax(scale · Q · Kᵀ) · V for each head of each example.
///
/// | value | shape |
/// |---|---|
/// | `queries` | `[batch, heads, queries, width]` |
/// | `keys` | `[batch, heads, keys, width]` |
/// | `values` | `[batch, heads, keys, value width]` |
/// | output | `[batch, heads, queries, value width]` |
///
/// Each query's output is a mean of the values, weighted by how well their keys fit it. Computed in blocks of keys with a
/// running maximum and sum, so that memory grows with the length, not its square. Sources: Vaswani et al., "Attention is all
/// you need", 2017, equation 1; Dao et al., "FlashAttention", 2022, for the blocks.
///
/// - Parameters:
///   - mask: what is hidden from whom; a query from which all keys are hidden gets zeros.
///   - isCausal: whether a query sees only keys up to its own place, the last query's being the last key's.
///   - scale: 1/√width unless given.
///   - dropout: of the weights, in training.
/// - Throws: ``ShapeError`` if the shapes do not fit.
/// - Complexity: 2 · queries · keys · (width + value width) flops a head forward, half of it where causal; 5/2 of that
///   backward, which computes the scores again.
public func scaledDotProductAttention(
  queries: Tensor, keys: Tensor, values: Tensor, mask: AttentionMask = .none, isCausal: Bool = false,
  scale: Float? = nil, dropout: AttentionDropout? = nil
) throws -> Tensor {
  let geometry = try AttentionGeometry(queries: queries.shape, keys: keys.shape, values: values.shape)
  return try attention(queries, keys, values, geometry, mask, isCausal, scale, dropout)
}

/// Scaled dot-product attention of heads that lie side by side in the last axis, as a projection gives them.
///
/// | value | shape |
/// |---|---|
/// | `queries` | `[batch, queries, heads · width]` |
/// | `keys` | `[batch, keys, heads · width]` |
/// | `values` | `[batch, keys, heads · value width]` |
/// | output | `[batch, queries, heads · value width]` |
///
/// The same as ``scaledDotProductAttention(queries:keys:values:mask:isCausal:scale:dropout:)``, without moving the heads apart.
public func scaledDotProductAttention(
  queries: Tensor, keys: Tensor, values: Tensor, heads: Int, mask: AttentionMask = .none,
  isCausal: Bool = false, scale: Float? = nil, dropout: AttentionDropout? = nil
) throws -> Tensor {
  let geometry = try AttentionGeometry(
    queries: queries.shape, keys: keys.shape, values: values.shape, heads: heads)
  return try attention(queries, keys, values, geometry, mask, isCausal, scale, dropout)
}

private func attention(
  _ queries: Tensor, _ keys: Tensor, _ values: Tensor, _ geometry: AttentionGeometry, _ mask: AttentionMask,
  _ isCausal: Bool, _ scale: Float?, _ dropout: AttentionDropout?
) throws -> Tensor {
  try mask.check(batch: geometry.batch, queries: geometry.queries, keys: geometry.keys)
  let blocks = AttentionBlocks(
    geometry: geometry, mask: mask, isCausal: isCausal,
    scale: scale ?? 1 / Float(geometry.width).squareRoot(), dropout: dropout)
  var statistics = Tensor.zeros([blocks.heads, 2, geometry.queries])
  let output = Tensor(shape: geometry.output) { output in
    output.initialize(repeating: 0)
    statistics.withUnsafeMutableElements { statistics in
      guard let output = output.baseAddress, let statistics = statistics.baseAddress else { return }
      queries.withUnsafePointer { q in
        keys.withUnsafePointer { k in
          values.withUnsafePointer { v in blocks.attend(q, k, v, into: output, statistics) }
        }
      }
    }
  }
  return try output.recorded(from: queries, keys, values) { [statistics] in
    Attention(
      queries: queries.detached, keys: keys.detached, values: values.detached, blocks: blocks, output: output,
      statistics: statistics)
  }
}

extension AttentionBlocks {
  /// For each query, block of keys by block of keys: m the greatest score so far, l = Σ e^{s − m} and o = Σ e^{s − m} v.
  /// A greater m scales down what is there. In the end the output is o / l.
  ///
  /// - Parameter statistics: `[heads, 2, queries]`; gets m and l.
  fileprivate func attend(
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, _ statistics: UnsafeMutablePointer<Float>
  ) {
    let queryBlocks = queries
    let width = geometry.valueWidth
    parallel(heads * queryBlocks.count, queriesEach: Self.mostQueries) { number in
      let (head, queries) = (number / queryBlocks.count, queryBlocks[number % queryBlocks.count])
      let (vPlace, oPlace) = (geometry.values(ofHead: head), geometry.output(ofHead: head))
      let o = output + oPlace.start + queries.lowerBound * oPlace.step
      let maxima = statistics + 2 * head * geometry.queries + queries.lowerBound
      let sums = maxima + geometry.queries
      maxima.update(repeating: -.infinity, count: queries.count)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: queries.count * Self.mostKeys) { scratch in
        guard let scores = scratch.baseAddress else { return }
        for keys in self.keys(seenBy: queries, ofHead: head) {
          self.scores(q, k, ofHead: head, queries: queries, keys: keys, into: scores)
          for row in 0..<queries.count {
            let change = Self.update(
              scores + row * keys.count, count: keys.count, maximum: &maxima[row], sum: &sums[row])
            if change != 1 { for index in 0..<width { o[row * oPlace.step + index] *= change } }
          }
          drop(from: scores, ofHead: head, queries: queries, keys: keys)
          BLAS.gemm(
            .none, .none, m: queries.count, n: width, k: keys.count, a: scores, lda: keys.count,
            b: v + vPlace.start + keys.lowerBound * vPlace.step, ldb: vPlace.step, beta: 1, c: o,
            ldc: oPlace.step)
        }
      }
      for row in 0..<queries.count where sums[row] != 0 {
        for index in 0..<width { o[row * oPlace.step + index] /= sums[row] }
      }
    }
  }

  /// Replaces a row of scores s by e^{s − m} with the greatest score m so far.
  ///
  /// - Returns: by what to multiply what was computed with the old m.
  private static func update(
    _ row: UnsafeMutablePointer<Float>, count: Int, maximum: inout Float, sum: inout Float
  ) -> Float {
    let here = Elementary.maximum(UnsafeBufferPointer(start: row, count: count))
    let greatest = here > maximum || here.isNaN ? here : maximum
    guard greatest != -.infinity else {
      row.update(repeating: 0, count: count)
      return 1
    }
    // Before the first keys there is nothing to scale.
    let change = greatest == maximum || maximum == -.infinity ? 1 : Elementary.exp(maximum - greatest)
    sum = sum * change + Elementary.exponentials(of: row, count: count, minus: greatest)
    maximum = greatest
    return change
  }
}

/// In the forward run s = scale · qkᵀ, p = softmax(s) and o = pv for each query; therefore, with the error term e of o,
///
/// - the error term of v is pᵀ · e: error term times gradient in this layer, summed over the queries;
/// - the error term of p is e · vᵀ, and that of s is δ = p ∘ (evᵀ − Σ p ∘ evᵀ), where the sum is e · o, since o = pv;
/// - the error term of q is scale · δ · k and that of k is scale · δᵀ · q: δ times what the other of the two gave.
///
/// p is computed again block by block, e^{s − m} / l with the m and l that were kept; being zero where a key is hidden, it
/// passes nothing on there. Where weights are dropped, o = (m ∘ p)v with the mask m, drawn again too: v gets (m ∘ p)ᵀe, and
/// evᵀ is multiplied by m before all else; e · o is the same sum as before.
private struct Attention: DifferentiableOperation {
  let queries: Tensor
  let keys: Tensor
  let values: Tensor
  let blocks: AttentionBlocks
  let output: Tensor
  let statistics: Tensor

  func backward(_ error: consuming Tensor, to terms: inout ErrorTerms) {
    var (dq, dk, dv) = (Tensor.zeros(queries.shape), Tensor.zeros(keys.shape), Tensor.zeros(values.shape))
    dq.withUnsafeMutableElements { dq in
      dk.withUnsafeMutableElements { dk in
        dv.withUnsafeMutableElements { dv in
          error.withUnsafePointer { error in
            guard let dq = dq.baseAddress, let dk = dk.baseAddress, let dv = dv.baseAddress else { return }
            blocks.parallel(blocks.heads, queriesEach: 2 * blocks.geometry.queries) {
              backward(error, head: $0, dq, dk, dv)
            }
          }
        }
      }
    }
    terms.add(dq, to: 0)
    terms.add(dk, to: 1)
    terms.add(dv, to: 2)
  }

  /// Adds one head's error terms to zeros.
  private func backward(
    _ error: UnsafePointer<Float>, head: Int, _ dq: UnsafeMutablePointer<Float>,
    _ dk: UnsafeMutablePointer<Float>, _ dv: UnsafeMutablePointer<Float>
  ) {
    let geometry = blocks.geometry
    let (qPlace, kPlace) = (geometry.queries(ofHead: head), geometry.keys(ofHead: head))
    let (vPlace, oPlace) = (geometry.values(ofHead: head), geometry.output(ofHead: head))
    let (width, valueWidth) = (geometry.width, geometry.valueWidth)
    let block = AttentionBlocks.mostQueries * AttentionBlocks.mostKeys
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * block) { scratch in
      guard let p = scratch.baseAddress else { return }
      let delta = p + block
      queries.withUnsafePointer { q in
        keys.withUnsafePointer { k in
          values.withUnsafePointer { v in
            for queries in blocks.queries {
              let e = error + oPlace.start + queries.lowerBound * oPlace.step
              let qRows = qPlace.start + queries.lowerBound * qPlace.step
              for keys in blocks.keys(seenBy: queries, ofHead: head) {
                let kRows = kPlace.start + keys.lowerBound * kPlace.step
                let vRows = vPlace.start + keys.lowerBound * vPlace.step
                let (m, n) = (queries.count, keys.count)
                blocks.scores(q, k, ofHead: head, queries: queries, keys: keys, into: p)
                BLAS.gemm(
                  .none, .transposed, m: m, n: n, k: valueWidth, a: e, lda: oPlace.step, b: v + vRows,
                  ldb: vPlace.step, c: delta, ldc: n)
                blocks.drop(from: delta, ofHead: head, queries: queries, keys: keys)
                differentiate(p, delta, error: e, head: head, queries: queries, keys: n)
                blocks.drop(from: p, ofHead: head, queries: queries, keys: keys)
                BLAS.gemm(
                  .transposed, .none, m: n, n: valueWidth, k: m, a: p, lda: n, b: e, ldb: oPlace.step,
                  beta: 1, c: dv + vRows, ldc: vPlace.step)
                BLAS.gemm(
                  .none, .none, m: m, n: width, k: n, alpha: blocks.scale, a: delta, lda: n, b: k + kRows,
                  ldb: kPlace.step, beta: 1, c: dq + qRows, ldc: qPlace.step)
                BLAS.gemm(
                  .transposed, .none, m: n, n: width, k: m, alpha: blocks.scale, a: delta, lda: n,
                  b: q + qRows, ldb: qPlace.step, beta: 1, c: dk + kRows, ldc: kPlace.step)
              }
            }
          }
        }
      }
    }
  }

  /// Replaces a block's scores by p, and evᵀ by δ.
  private func differentiate(
    _ p: UnsafeMutablePointer<Float>, _ delta: UnsafeMutablePointer<Float>, error: UnsafePointer<Float>,
    head: Int, queries: Range<Int>, keys: Int
  ) {
    let geometry = blocks.geometry
    let (place, width) = (geometry.output(ofHead: head), geometry.valueWidth)
    output.withUnsafePointer { output in
      statistics.withUnsafePointer { statistics in
        let maxima = statistics + 2 * head * geometry.queries
        let sums = maxima + geometry.queries
        for (row, query) in queries.enumerated() {
          let (p, delta) = (p + row * keys, delta + row * keys)
          guard sums[query] != 0 else {
            p.update(repeating: 0, count: keys)
            delta.update(repeating: 0, count: keys)
            continue
          }
          _ = Elementary.exponentials(of: p, count: keys, minus: maxima[query])
          let mean = Elementary.dot(
            UnsafeBufferPointer(start: error + row * place.step, count: width),
            UnsafeBufferPointer(start: output + place.start + query * place.step, count: width))
          let share = 1 / sums[query]
          for key in 0..<keys {
            p[key] *= share
            delta[key] = p[key] * (delta[key] - mean)
          }
        }
      }
    }
  }
}
