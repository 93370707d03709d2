import Tensors

/// γx̂ + β, for each channel of a view.
struct AffineMap {
  let weight, bias: Tensor
  let channels: Channels

  /// `nil` where there is neither γ nor β.
  init?(weight: Tensor?, bias: Tensor?, channels: Channels) {
    guard weight != nil || bias != nil else { return nil }
    self.weight = weight ?? Tensor(repeating: 1, shape: [channels.count])
    self.bias = bias ?? .zeros([channels.count])
    self.channels = channels
  }

  func callAsFunction(_ normalized: Tensor) -> Tensor {
    Tensor(shape: normalized.shape) { y in
      guard let y = y.baseAddress else { return }
      normalized.withUnsafePointer { x in channels.parallel { apply(x, into: y, $0) } }
    }
  }

  func apply(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, _ block: Range<Int>) {
    weight.withUnsafePointer { weight in
      bias.withUnsafePointer { bias in
        channels.forEach(in: block, with: { (weight[$0], bias[$0]) }) { y[$0] = $1.0 * x[$0] + $1.1 }
      }
    }
  }
}
