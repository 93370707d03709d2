import Layers
import Tensors

/// The lecture's simplest network: one layer with the linear activation, which with the mean squared error is a linear
/// regression.
///
///     let layers = try LinearRegression(inputs: 10, outputs: 1).layers(seed: 7)
///
/// Its one layer is named `output`. Source: the lecture, section "Neurons"; what it ends at is `Matrix.leastSquares`.
public struct LinearRegression: Sendable, Hashable, Codable {
  /// Numbers in an example.
  public var inputs: Int

  /// Values to predict.
  public var outputs: Int

  /// A network of these sizes.
  public init(inputs: Int, outputs: Int) { (self.inputs, self.outputs) = (inputs, outputs) }

  /// The network's layer, its weights drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive.
  public func layers(seed: UInt64) throws -> Sequential {
    guard inputs > 0 else {
      throw ShapeError("LinearRegression", expected: "at least one input", got: inputs)
    }
    return try Sequential(input: [inputs], seed: seed) { Dense(outputs: outputs).named("output") }
  }
}
