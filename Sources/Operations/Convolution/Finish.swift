/// What is added to a sum and applied to it, while it is still in the cache.
package struct Finish {
  var bias: UnsafePointer<Float>?
  var activation: Activation
  /// 1 to add to what is there, else 0.
  var beta: Float

  package init(bias: UnsafePointer<Float>? = nil, activation: Activation = .identity, beta: Float = 0) {
    (self.bias, self.activation, self.beta) = (bias, activation, beta)
  }

  /// Prepares some channels, of `plane` elements each, for sums to be added to them.
  ///
  /// - Returns: β for the first sum; 0 leaves the memory as it is.
  func begin(_ values: UnsafeMutablePointer<Float>, channels: Range<Int>, plane: Int) -> Float {
    guard let bias else { return beta }
    for channel in channels {
      let (values, shift) = (values + (channel - channels.lowerBound) * plane, bias[channel])
      if beta == 0 {
        values.update(repeating: shift, count: plane)
      } else {
        for index in 0..<plane { values[index] += shift }
      }
    }
    return 1
  }

  /// Writes sums of a channel to their places, `step` apart; what is applied to them follows in ``end(_:count:)``.
  func write(
    _ sums: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, step: Int, count: Int, channel: Int
  ) {
    let shift = bias?[channel] ?? 0
    switch (step, beta) {
    case (1, 0): for index in 0..<count { target[index] = sums[index] + shift }
    case (1, _): for index in 0..<count { target[index] += sums[index] + shift }
    case (_, 0): for index in 0..<count { target[index &* step] = sums[index] + shift }
    default: for index in 0..<count { target[index &* step] += sums[index] + shift }
    }
  }

  func end(_ values: UnsafeMutablePointer<Float>, count: Int) {
    activation.apply(to: UnsafeMutableBufferPointer(start: values, count: count))
  }
}
