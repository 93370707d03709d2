import LinearAlgebra
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
  var mean = Tensor.zeros([channels.count])
  var variance = Tensor.zeros([channels.count])
  var scale = Tensor.zeros([channels.count])
  let normalized = Tensor(shape: input.shape) { result in
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
            }
          }
        }
      }
    }
  }
  let output = scaled(normalized, weight: weight, bias: bias, affine)
  let recorded = try output.recorded(from: input, weight, bias) {
    let keepsMean = if case .meanAndVariance = statistics { true } else { false }
    let isConstant = if case .constant = statistics { true } else { false }
    return Normalization(
      normalized: normalized, scale: scale, channels: channels, isCentred: keepsMean, isConstant: isConstant,
      weight: weight?.detached, parameterShape: (weight ?? bias)?.shape ?? [], affine: affine)
  }
  return (recorded, mean, variance)
}

/// γx̂ + β, for each channel of the given view.
private func scaled(_ normalized: Tensor, weight: Tensor?, bias: Tensor?, _ channels: Channels) -> Tensor {
  guard weight != nil || bias != nil else { return normalized }
  let weight = weight ?? Tensor(repeating: 1, shape: [channels.count])
  let bias = bias ?? .zeros([channels.count])
  return Tensor(shape: normalized.shape) { y in
    normalized.withUnsafePointer { x in
      weight.withUnsafePointer { weight in
        bias.withUnsafePointer { bias in
          channels.parallel { block in
            channels.forEach(in: block, with: { (weight[$0], bias[$0]) }) { y[$0] = $1.0 * x[$0] + $1.1 }
          }
        }
      }
    }
  }
}

extension Channels {
  /// y ← x − μ for a block of channels, but for what the float μ lacks; finds μ and σ² unless they are given.
  ///
  /// - Returns: what is still to be taken away from y, for each channel of the block.
  fileprivate func center(
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
    normalized.withUnsafePointer { x in
      error.withUnsafePointer { error in
        inputs.accumulate(to: 1, shape: parameterShape) {
          affine.sums(of: error, times: x, into: $0, beta: $1)
        }
        inputs.accumulate(to: 2, shape: parameterShape) { affine.sums(of: error, into: $0, beta: $1) }
      }
    }
    guard inputs.wants(0) else { return }
    error.withUnsafeMutableElements { error in
      guard let e = error.baseAddress else { return }
      weight?.withUnsafePointer { weight in
        affine.parallel { block in affine.forEach(in: block, with: { weight[$0] }) { e[$0] *= $1 } }
      }
      normalized.withUnsafePointer { x in
        scale.withUnsafePointer { scale in
          channels.parallel { passToInput(e, x, scale, $0) }
        }
      }
    }
    inputs.add(error, to: 0)
  }

  /// ê ← s (ê − mean ê − x̂ mean(ê ∘ x̂)) for a block of channels.
  private func passToInput(
    _ e: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ scale: UnsafePointer<Float>,
    _ block: Range<Int>
  ) {
    if isConstant { return channels.forEach(in: block, with: { scale[$0] }) { e[$0] *= $1 } }
    let count = Double(channels.size)
    let first = block.lowerBound
    let products = channels.sums(of: e, times: x, in: block).map { Float($0 / count) }
    let means =
      isCentred
      ? channels.sums(of: e, in: block).map { Float($0 / count) } : Array(repeating: 0, count: block.count)
    products.withUnsafeBufferPointer { products in
      means.withUnsafeBufferPointer { means in
        channels.forEach(in: block, with: { (means[$0 - first], products[$0 - first], scale[$0]) }) {
          e[$0] = (e[$0] - $1.0 - x[$0] * $1.1) * $1.2
        }
      }
    }
  }
}
