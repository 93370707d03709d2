import LinearAlgebra
import Tensors

/// How parameters begin.
///
/// For a weight of shape `[outputs, inputs, …]`, with r = the product of the axes after the second, *fan in* is
/// inputs · r and *fan out* is outputs · r.
public enum Initializer: Sendable, Hashable, Codable {
  /// Uniform in ±√(6 / (fan in + fan out)). Glorot and Bengio, AISTATS 2010.
  case glorotUniform
  /// Normal with standard deviation √(2 / (fan in + fan out)). Glorot and Bengio, AISTATS 2010.
  case glorotNormal
  /// Uniform in ±√(6 / fan in), for ReLU. He et al., ICCV 2015.
  case heUniform
  /// Normal with standard deviation √(2 / fan in), for ReLU. He et al., ICCV 2015.
  case heNormal
  /// Uniform in [lower, upper).
  case uniform(lower: Float, upper: Float)
  /// Normal with the given mean and standard deviation.
  case normal(mean: Float, deviation: Float)
  /// One value everywhere.
  case constant(Float)
  /// `gain` times a matrix with orthonormal rows or columns, whichever are fewer: Q of the QR factorization of a normal
  /// matrix, its columns' signs set by R's diagonal. Saxe et al., ICLR 2014.
  case orthogonal(gain: Float)

  /// A tensor of the given shape, drawn from `random`.
  ///
  /// - Throws: ``ShapeError`` if the initializer speaks of outputs and inputs, and the shape has fewer than two axes.
  public func callAsFunction(_ shape: Shape, using random: inout RandomSource) throws -> Tensor {
    switch self {
    case .glorotUniform:
      let bound = try (6 / Float(fanIn(shape) + fanOut(shape))).squareRoot()
      return drawn(shape) { random.uniform(in: -bound..<bound) }
    case .glorotNormal:
      let deviation = try (2 / Float(fanIn(shape) + fanOut(shape))).squareRoot()
      return drawn(shape) { deviation * random.normal() }
    case .heUniform:
      let bound = try (6 / Float(fanIn(shape))).squareRoot()
      return drawn(shape) { random.uniform(in: -bound..<bound) }
    case .heNormal:
      let deviation = try (2 / Float(fanIn(shape))).squareRoot()
      return drawn(shape) { deviation * random.normal() }
    case .uniform(let lower, let upper):
      return drawn(shape) { lower + (upper - lower) * random.uniform() }
    case .normal(let mean, let deviation):
      return drawn(shape) { mean + deviation * random.normal() }
    case .constant(let value):
      return Tensor(repeating: value, shape: shape)
    case .orthogonal(let gain):
      return try orthogonal(shape, gain, &random)
    }
  }

  private func fanIn(_ shape: Shape) throws -> Int { try Swift.max(1, count(shape) / Swift.max(1, shape[0])) }

  private func fanOut(_ shape: Shape) throws -> Int {
    try Swift.max(1, count(shape) / Swift.max(1, shape[1]))
  }

  private func count(_ shape: Shape) throws -> Int {
    guard shape.rank >= 2 else { throw ShapeError("\(self)", expected: "[outputs, inputs, …]", got: shape) }
    return shape.count
  }

  private func drawn(_ shape: Shape, _ draw: () -> Float) -> Tensor {
    Tensor(shape: shape) { for index in $0.indices { $0[index] = draw() } }
  }

  private func orthogonal(_ shape: Shape, _ gain: Float, _ random: inout RandomSource) throws -> Tensor {
    let rows = try count(shape) > 0 ? shape[0] : 0
    let columns = rows > 0 ? shape.count / rows : 0
    let tall = (Swift.max(rows, columns), Swift.min(rows, columns))
    let normal = drawn([tall.0, tall.1]) { random.normal() }
    let (q, r) = try Matrix(rows: tall.0, columns: tall.1, elements: normal.array).qr()
    return Tensor(shape: shape) { weight in
      for row in 0..<rows {
        for column in 0..<columns {
          let (i, j) = rows >= columns ? (row, column) : (column, row)
          weight[row * columns + column] = gain * q[i, j] * (r[j, j] < 0 ? -1 : 1)
        }
      }
    }
  }
}
