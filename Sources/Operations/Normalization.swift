import LinearAlgebra
import Tensors

/// x̂ = (x − μ) / √(σ² + ε) with the statistics of each channel, and then y = γx̂ + β.
///
/// The statistics are of the channels of one view of the input, γ and β belong to those of another:
///
/// | normalization | statistics over | γ, β for each |
/// |---|---|---|
/// | batch | a channel, all examples | channel |
/// | layer, root mean square | an example's last axes | place within them |
/// | group | an example's group of channels | channel |
///
/// Goals, in this order: 10⁻⁵ of the largest output even where the mean is 10⁵ deviations; the same bits for any number of
/// threads; speed. Therefore the mean is two numbers, the nearest float and what it lacks, and the variance a mean of
/// squares of differences from it.
///
/// - Returns: the output, and the mean and the variance (dividing by n) of each channel.
/// - Precondition: the channels of either view together are the input; a channel has at least one element.
func normalization(
  _ input: Tensor, _ statistics: NormalizationStatistics, over channels: Channels, epsilon: Float,
  weight: Tensor?, bias: Tensor?, affine: Channels
) throws -> (output: Tensor, mean: Tensor, variance: Tensor) {
  let map = AffineMap(weight: weight, bias: bias, channels: affine)
  let result: Normalized
  let output: Tensor
  if let map, affine == channels {
    (result, output) = normalized(input, statistics, channels, epsilon, map)
  } else {
    result = Normalized(input, statistics, channels, epsilon) { _, _ in }
    output = map?(result.values) ?? result.values
  }
  let recorded = try output.recorded(from: input, weight, bias) {
    let keepsMean = if case .meanAndVariance = statistics { true } else { false }
    let isConstant = if case .constant = statistics { true } else { false }
    return Normalization(
      normalized: result.values, scale: result.scale, channels: channels, isCentred: keepsMean,
      isConstant: isConstant, weight: weight?.detached, parameterShape: (weight ?? bias)?.shape ?? [],
      affine: affine)
  }
  return (recorded, result.mean, result.variance)
}

/// x̂, and γx̂ + β of the same channels, which are mapped while they are in the cache.
private func normalized(
  _ input: Tensor, _ statistics: NormalizationStatistics, _ channels: Channels, _ epsilon: Float,
  _ map: AffineMap
) -> (Normalized, output: Tensor) {
  var result: Normalized?
  let output = Tensor(shape: input.shape) { y in
    guard let y = y.baseAddress else { return }
    result = Normalized(input, statistics, channels, epsilon) { x, block in map.apply(x, into: y, block) }
  }
  return (result ?? Normalized(input, statistics, channels, epsilon) { _, _ in }, output)
}

/// x̂ = (x − μ)s with s = 1 / √(σ² + ε), and the channels' statistics.
private struct Normalized {
  let values: Tensor
  private(set) var mean, variance, scale: Tensor

  /// - Parameter finish: gets x̂ for each block of channels while it is in the cache.
  init(
    _ input: Tensor, _ statistics: NormalizationStatistics, _ channels: Channels, _ epsilon: Float,
    finish: (UnsafePointer<Float>, _ block: Range<Int>) -> Void
  ) {
    var (mean, variance) = (Tensor.zeros([channels.count]), Tensor.zeros([channels.count]))
    var scale = Tensor.zeros([channels.count])
    values = Tensor(shape: input.shape) { result in
      guard let y = result.baseAddress else { return }
      input.withUnsafePointer { x in
        mean.withUnsafeMutableElements { mean in
          variance.withUnsafeMutableElements { variance in
            scale.withUnsafeMutableElements { scale in
              channels.parallel { block in
                let lacking = channels.center(x, into: y, statistics, mean, variance, block)
                for channel in block {
                  scale[channel] = Float(1 / (Double(variance[channel]) + Double(epsilon)).squareRoot())
                }
                lacking.withUnsafeBufferPointer { lacking in
                  channels.forEach(in: block, with: { (lacking[$0 - block.lowerBound], scale[$0]) }) {
                    y[$0] = (y[$0] - $1.0) * $1.1
                  }
                }
                finish(y, block)
              }
            }
          }
        }
      }
    }
    (self.mean, self.variance, self.scale) = (mean, variance, scale)
  }
}

/// In the forward run x̂ = (x − μ)s with s = 1 / √(σ² + ε), and y = γx̂ + β; therefore, with the error term e of y,
///
/// - the gradient of γ is e ∘ x̂, summed over the elements that it scales: error term times result before it;
/// - the gradient of β is e, summed likewise;
/// - the error term of x̂ is ê = e ∘ γ: error term times gradient;
/// - x enters x̂ directly, through μ and through σ²: the error term of x is s (ê − mean ê − x̂ ∘ mean(ê ∘ x̂)), the means over
///   the elements that share μ and σ². The term mean ê comes from μ and is absent where none is taken away; for constant
///   statistics only sê remains.
private struct Normalization: DifferentiableOperation {
  let normalized: Tensor
  let scale: Tensor
  let channels: Channels
  let isCentred: Bool
  let isConstant: Bool
  let weight: Tensor?
  let parameterShape: Shape
  let affine: Channels

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    // Of one view, the sums for the gradients are those for the means.
    let isOneView = affine == channels
    var sums: ErrorSums?
    if isOneView || inputs.wants(1) || inputs.wants(2) {
      let all = ErrorSums.ofAll(affine, error, times: normalized)
      for (input, sums) in [(1, all.products), (2, all.errors)] {
        inputs.accumulate(to: input, shape: parameterShape) { gradient, beta in
          for (channel, sum) in sums.enumerated() {
            gradient[channel] = Float(sum + (beta == 0 ? 0 : Double(gradient[channel])))
          }
        }
      }
      if isOneView { sums = all }
    }
    guard inputs.wants(0) else { return }
    if let weight, !isOneView {
      error.withUnsafeMutableElements { error in
        guard let e = error.baseAddress else { return }
        weight.withUnsafePointer { weight in
          affine.parallel { block in affine.forEach(in: block, with: { weight[$0] }) { e[$0] *= $1 } }
        }
      }
    }
    passToInput(&error, sums)
    inputs.add(error, to: 0)
  }

  /// ê ← s (ê − mean ê − x̂ mean(ê ∘ x̂)) for each channel.
  ///
  /// - Parameter sums: Of e before γ, which is still to be multiplied by; `nil` if the error terms are ê already.
  private func passToInput(_ error: inout Tensor, _ sums: ErrorSums?) {
    var factors = scale
    if let weight, sums != nil {
      factors.updateParts(with: weight) { $0.replaceEach(by: $1) { scale, weight in scale * weight } }
    }
    error.withUnsafeMutableElements { error in
      guard let e = error.baseAddress else { return }
      normalized.withUnsafePointer { x in
        factors.withUnsafePointer { factors in
          channels.parallel { block in
            if isConstant { return channels.forEach(in: block, with: { factors[$0] }) { e[$0] *= $1 } }
            let sums = sums?[block] ?? ErrorSums(of: e, times: x, channels, block)
            let (first, count) = (block.lowerBound, Double(channels.size))
            let products = sums.products.map { Float($0 / count) }
            let means = sums.errors.map { isCentred ? Float($0 / count) : 0 }
            products.withUnsafeBufferPointer { products in
              means.withUnsafeBufferPointer { means in
                channels.forEach(in: block, with: { (means[$0 - first], products[$0 - first], factors[$0]) })
                {
                  e[$0] = (e[$0] - $1.0 - x[$0] * $1.1) * $1.2
                }
              }
            }
          }
        }
      }
    }
  }
}
