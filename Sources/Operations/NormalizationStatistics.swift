import Tensors

/// What a normalization takes away from its input and divides it by.
enum NormalizationStatistics {
  /// The mean and the variance of each channel.
  case meanAndVariance
  /// The root of the mean square of each channel; nothing is taken away.
  case meanSquare
  /// Constants given for each channel.
  case constant(mean: Tensor, variance: Tensor)
}

extension Channels {
  /// y ← x − μ for a block of channels, but for what the float μ lacks; finds μ and σ² unless they are given.
  ///
  /// - Returns: what is still to be taken away from y, for each channel of the block.
  func center(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, _ statistics: NormalizationStatistics,
    _ mean: UnsafeMutableBufferPointer<Float>, _ variance: UnsafeMutableBufferPointer<Float>,
    _ block: Range<Int>
  ) -> [Float] {
    switch statistics {
    case .meanAndVariance:
      for (channel, sum) in zip(block, sums(of: x, in: block)) { mean[channel] = Float(sum / Double(size)) }
    case .constant(let given, let givenVariance):
      given.withUnsafeElements { given in for channel in block { mean[channel] = given[channel] } }
      givenVariance.withUnsafeElements { given in for channel in block { variance[channel] = given[channel] }
      }
    case .meanSquare: break
    }
    forEach(in: block, with: { mean[$0] }) { y[$0] = x[$0] - $1 }
    if case .constant = statistics { return Array(repeating: 0, count: block.count) }

    var lacking = [Float](repeating: 0, count: block.count)
    if case .meanAndVariance = statistics {
      for (index, sum) in sums(of: y, in: block).enumerated() { lacking[index] = Float(sum / Double(size)) }
    }
    for (index, sum) in sums(of: y, times: y, in: block).enumerated() {
      let excess = Double(lacking[index])
      variance[block.lowerBound + index] = Float(max(0, sum / Double(size) - excess * excess))
      mean[block.lowerBound + index] += lacking[index]
    }
    return lacking
  }
}
