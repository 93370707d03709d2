import Operations
import Tensors

/// Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it.
///
///     output = weight · (input − mean) / √(variance + epsilon) + bias
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[batch, channels]` or `[batch, channels, …]` |
/// | `weight`, `bias`, `running_mean`, `running_var` | `[channels]` |
///
/// Training takes the mean and the variance of the batch (dividing by the number n of a channel's values) and lets the
/// running ones learn from them, through the ``Pass``:
///
///     running ← (1 − momentum) · running + momentum · new, the variance as n / (n − 1) · variance
///
/// Inference takes the running ones. Source: Ioffe and Szegedy, "Batch normalization", ICML 2015; the lecture, section
/// "Normalization".
///
/// - Throws: when called, ``ShapeError`` if the input has other channels, or has fewer than two values for each in training.
public struct BatchNorm: Layer, Codable {
  private enum CodingKeys: CodingKey { case momentum, settings }

  /// The weight of a new batch in the running statistics.
  public let momentum: Float

  /// γ; `nil` until the number of channels is known, and in a layer without.
  public private(set) var weight: Tensor?

  /// β; `nil` until the number of channels is known, and in a layer without.
  public private(set) var bias: Tensor?

  private var runningMean: Buffer?
  private var runningVariance: Buffer?
  private let settings: NormalizationSettings

  /// A layer that learns the number of channels from the first axis of an example.
  ///
  /// - Parameters:
  ///   - momentum: the weight of a new batch in the running statistics, from 0 to 1.
  ///   - epsilon: added to the variance.
  ///   - affine: whether to scale and shift afterwards.
  public init(momentum: Float = 0.1, epsilon: Float = 1e-5, affine: Bool = true) {
    self.momentum = momentum
    settings = NormalizationSettings(epsilon: epsilon, weight: affine, bias: affine)
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    guard let runningMean, let runningVariance else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    let shape = runningMean.value.shape
    guard input.shape.rank >= 2, shape == [input.shape[1]], runningVariance.value.shape == shape else {
      throw ShapeError(self, expected: "[batch, \(shape.count), …]", got: input.shape)
    }
    guard pass.mode == .training else {
      return try reportingErrors(as: self) {
        try batchNormalization(
          input, mean: pass.value(of: runningMean), variance: pass.value(of: runningVariance), weight: weight,
          bias: bias, epsilon: settings.epsilon)
      }
    }
    let values = shape.count == 0 ? 0 : input.count / shape.count
    guard values > 1 else {
      throw ShapeError(
        self, expected: "more than one value for each channel in training", got: input.shape)
    }
    let (output, mean, variance) = try reportingErrors(as: self) {
      try batchNormalization(input, weight: weight, bias: bias, epsilon: settings.epsilon)
    }
    update(runningMean, with: mean, times: 1, in: pass)
    update(runningVariance, with: variance, times: Float(values) / Float(values - 1), in: pass)
    return output
  }

  /// running ← (1 − momentum) · running + momentum · factor · new.
  private func update(_ running: Buffer, with new: Tensor, times factor: Float, in pass: Pass) {
    var value = pass.value(of: running)
    value.withUnsafeMutableElements { value in
      new.withUnsafeElements { new in
        for index in value.indices {
          value[index] = (1 - momentum) * value[index] + momentum * factor * new[index]
        }
      }
    }
    pass.set(running, to: value)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard momentum >= 0, momentum <= 1 else {
      throw ShapeError(self, expected: "a momentum from 0 to 1", got: "\(momentum)")
    }
    try settings.check(for: self)
    guard input.rank >= 1, input[0] > 0 else {
      throw ShapeError(self, expected: "[channels, …] for an example", got: input)
    }
    if let shape = runningMean?.value.shape, shape != [input[0]] {
      throw ShapeError(self, expected: "[\(shape.count), …] for an example", got: input)
    }
    return input
  }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    _ = try outputShape(for: input)
    let layer = self
    try settings.initialize(&weight, &bias, [input[0]], for: layer)
    if runningMean == nil { runningMean = Buffer(.zeros([input[0]])) }
    if runningVariance == nil { runningVariance = Buffer(Tensor(repeating: 1, shape: [input[0]])) }
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
    visitor.visit(&bias, named: "bias")
    visitor.visit(&runningMean, named: "running_mean")
    visitor.visit(&runningVariance, named: "running_var")
  }

  public var description: String {
    let channels = runningMean.map { ["\($0.value.count)"] } ?? []
    let momentum = momentum == 0.1 ? [] : ["momentum: \(momentum)"]
    return "BatchNorm(\((channels + momentum + settings.arguments()).joined(separator: ", ")))"
  }
}
