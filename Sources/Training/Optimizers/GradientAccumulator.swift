import Layers
import Tensors

/// Sums gradients over several batches, for steps of a batch larger than memory holds.
///
///     var accumulator = GradientAccumulator()
///     for part in parts {
///       let (_, gradients) = try model.valueAndGradients { try softmaxCrossEntropy($0(part.images), part.labels) }
///       try accumulator.add(gradients)
///     }
///     if let mean = accumulator.takeMean() { try optimizer.update(&model, with: mean) }
///
/// With batches of one size, the mean of their mean losses' gradients is the gradient of the whole's mean loss.
public struct GradientAccumulator: Sendable {
  private var sum: Gradients?

  /// How many gradients are in the sum.
  public private(set) var count = 0

  /// Nothing yet.
  public init() {}

  /// Adds the gradients of one more batch.
  ///
  /// - Throws: ``ShapeError`` if they are another model's than those before.
  public mutating func add(_ gradients: Gradients) throws {
    guard var sum = sum.take() else {
      (self.sum, count) = (gradients, 1)
      return
    }
    defer { self.sum = sum }
    try sum.add(gradients)
    count += 1
  }

  /// The mean of the gradients added, after which there are none; `nil` without any.
  public mutating func takeMean() -> Gradients? {
    guard var mean = sum.take() else { return nil }
    let factor = 1 / Float(count)
    count = 0
    if factor != 1 { mean.update { gradient, _ in gradient?.scale(by: factor) } }
    return mean
  }
}
