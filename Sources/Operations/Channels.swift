import LinearAlgebra

/// A tensor seen as `[outer, count, inner]`, for what concerns each of its `count` channels apart.
///
/// | tensor | channels | outer, count, inner |
/// |---|---|---|
/// | `[batch, features]` | features | batch, features, 1 |
/// | `[batch, channels, height, width]` | channels | batch, channels, height · width |
/// | the same | rows of the last axis | 1, batch · channels · height, width |
///
/// Each channel's sums have an order of their own, whatever the number of threads: at most 4096 neighbours, or 64 rows, are
/// added in single precision, and those sums in double precision.
struct Channels: Equatable, Sendable {
  let outer: Int
  let count: Int
  let inner: Int

  /// The number of elements of one channel.
  var size: Int { outer * inner }

  /// Calls `body` for blocks of channels that together are all, several at a time.
  ///
  /// What a block does in several passes stays in the cache, where a channel is small enough.
  func parallel(_ body: (Range<Int>) -> Void) {
    guard count > 0, size > 0 else { return }
    let block = max(inner == 1 ? 64 : 1, 1 << 14 / size)
    let blocks = (count + block - 1) / block
    Threads.parallel(overRows: blocks, of: block * size) { range in
      for index in range { body(index * block..<min(count, (index + 1) * block)) }
    }
  }

  /// For each channel of a block Σ x, or Σ xy.
  func sums(of x: UnsafePointer<Float>, times y: UnsafePointer<Float>? = nil, in block: Range<Int>)
    -> [Double]
  {
    var totals = [Double](repeating: 0, count: block.count)
    if inner == 1 {
      var partial = [Float](repeating: 0, count: block.count)
      for start in stride(from: 0, to: outer, by: 64) {
        for index in partial.indices { partial[index] = 0 }
        for row in start..<min(outer, start + 64) {
          let offset = row * count + block.lowerBound
          partial.withUnsafeMutableBufferPointer { add(x + offset, y.map { $0 + offset }, to: $0) }
        }
        for index in partial.indices { totals[index] += Double(partial[index]) }
      }
    } else {
      for row in 0..<outer {
        for (index, channel) in block.enumerated() {
          for start in stride(from: 0, to: inner, by: 4096) {
            let offset = (row * count + channel) * inner + start
            let length = min(4096, inner - start)
            let x = UnsafeBufferPointer(start: x + offset, count: length)
            let y = y.map { UnsafeBufferPointer(start: $0 + offset, count: length) }
            totals[index] += Double(y.map { Elementary.dot(x, $0) } ?? Elementary.sum(x))
          }
        }
      }
    }
    return totals
  }

  private func add(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>?, to sums: UnsafeMutableBufferPointer<Float>
  ) {
    if let y {
      for index in sums.indices { sums[index] += x[index] * y[index] }
    } else {
      for index in sums.indices { sums[index] += x[index] }
    }
  }

  /// For each channel of the whole tensor Σ x, or Σ xy, added to β times what is there.
  func sums(
    of x: UnsafePointer<Float>, times y: UnsafePointer<Float>? = nil,
    into result: UnsafeMutableBufferPointer<Float>, beta: Float
  ) {
    if size == 0, beta == 0 { result.update(repeating: 0) }
    parallel { block in
      for (channel, sum) in zip(block, sums(of: x, times: y, in: block)) {
        result[channel] = Float(sum + (beta == 0 ? 0 : Double(result[channel])))
      }
    }
  }

  /// Calls `body` with the place of each element of a block and the coefficients of its channel.
  @inline(__always)
  func forEach<Coefficients>(
    in block: Range<Int>, with coefficients: (_ channel: Int) -> Coefficients,
    _ body: (_ index: Int, Coefficients) -> Void
  ) {
    for row in 0..<outer {
      if inner == 1 {
        for channel in block { body(row &* count &+ channel, coefficients(channel)) }
      } else {
        for channel in block {
          let these = coefficients(channel)
          let start = (row &* count &+ channel) &* inner
          for index in start..<start &+ inner { body(index, these) }
        }
      }
    }
  }
}
