import Layers
import LinearAlgebra
import Tensors

/// An exponential moving average of a model's parameters, which often answers better than the parameters themselves.
///
///     a ← d a + (1 − d) θ                a ← θ at the first update
///
///     var average = MovingAverage(decay: 0.999)
///     try average.update(from: model)                  // after each step
///     print(try average.applied(to: model).evaluate(test))
///
/// Buffers, such as running statistics, are not averaged. Source: Polyak and Juditsky, "Acceleration of stochastic
/// approximation by averaging", 1992; PyTorch's `get_ema_multi_avg_fn`.
public struct MovingAverage: Sendable {
  /// d, from 0 to below 1.
  public let decay: Float

  private var averages: [String: Tensor] = [:]

  /// An average that begins with the first update.
  public init(decay: Float = 0.999) { self.decay = decay }

  /// Takes in the parameters after one more step.
  ///
  /// - Throws: ``ShapeError`` if a parameter had another shape before.
  public mutating func update(from model: some Module) throws {
    for (path, value) in model.parameters {
      // Out of the dictionary, the average is changed in place.
      guard var average = averages.removeValue(forKey: path) else {
        averages[path] = value.detached
        continue
      }
      defer { averages[path] = average }
      guard average.shape == value.shape else {
        throw ShapeError(path, expected: "a parameter \(average.shape), as before", got: value.shape)
      }
      let keep = decay
      average.withUnsafeMutableElements { average in
        value.withUnsafeElements { value in
          Threads.parallel(overElements: average.count) { range in
            for index in range { average[index] += (1 - keep) * (value[index] - average[index]) }
          }
        }
      }
    }
  }

  /// The model with the averages for its parameters; those never seen stay.
  ///
  /// - Throws: ``ShapeError`` if a parameter has another shape than its average.
  public func applied<Model: Module>(to model: Model) throws -> Model {
    for (path, value) in model.parameters {
      guard let average = averages[path], average.shape != value.shape else { continue }
      throw ShapeError(path, expected: "a parameter \(average.shape), as averaged", got: value.shape)
    }
    var result = model
    result.updateParameters { parameter, path in
      if let average = averages[path] { parameter = average }
    }
    return result
  }

  /// The averages by path, for saving.
  public var state: OptimizerState { OptimizerState(tensors: averages) }

  /// Goes on from saved averages.
  public mutating func restore(_ state: OptimizerState) { averages = state.tensors }
}
