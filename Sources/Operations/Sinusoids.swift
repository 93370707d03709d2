import Tensors

/// A vector for each place of a sequence, of sines and cosines of ever longer waves; constants.
///
///     output[t, 2i] = sin (start + t)θᵢ     output[t, 2i + 1] = cos (start + t)θᵢ     θᵢ = base^(−2i/dimension)
///
/// | value | shape |
/// |---|---|
/// | output | `[length, dimension]` |
///
/// Source: Vaswani et al., "Attention is all you need", 2017, section 3.5.
///
/// - Throws: ``ShapeError`` if a size or the start is negative or too large, or `base` is not above 0.
public func sinusoids(
  length: Int, dimension: Int, startingAt start: Int = 0, base: Float = 10_000
) throws -> Tensor {
  guard let shape = Shape(exactly: [length, dimension]), shape.count <= 1 << 31, 0...1 << 40 ~= start,
    base > 0, base.isFinite
  else {
    throw ShapeError(
      "sinusoids", expected: "a length, a dimension and a start from 0 on, and a base above 0",
      got: "\(length), \(dimension), \(start) and \(base)")
  }
  return Tensor(shape: shape) { output in
    guard dimension > 0 else { return }
    var angles = PlaceAngles(width: dimension, start: start, base: Double(base))
    for place in 0..<length {
      for index in 0..<dimension {
        output[place * dimension + index] =
          index % 2 == 0 ? angles.sines[index / 2] : angles.cosines[index / 2]
      }
      angles.advance()
    }
  }
}
