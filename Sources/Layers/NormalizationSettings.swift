import Tensors

/// What the normalization layers have in common besides their statistics: ε, γ and β.
struct NormalizationSettings: Sendable, Codable {
  let epsilon: Float
  let hasWeight: Bool
  let hasBias: Bool

  /// Beyond this a number of channels is taken for a mistake: 1 GiB for each parameter.
  private static let mostValues = 1 << 28

  /// The default ε, which a description leaves out.
  let usualEpsilon: Float

  init(epsilon: Float, usualEpsilon: Float = 1e-5, weight: Bool, bias: Bool) {
    (self.epsilon, self.usualEpsilon) = (epsilon, usualEpsilon)
    (hasWeight, hasBias) = (weight, bias)
  }

  /// - Throws: ``ShapeError`` if ε is not a number of at least 0.
  func check(for layer: some Layer) throws {
    guard epsilon >= 0, epsilon.isFinite else {
      throw ShapeError(layer, expected: "an epsilon of at least 0", got: "\(epsilon)")
    }
  }

  /// γ = 1 and β = 0 of the given shape, where they are wanted and not there.
  ///
  /// - Throws: ``ShapeError`` if the shape is too large to be meant.
  func initialize(_ weight: inout Tensor?, _ bias: inout Tensor?, _ shape: Shape, for layer: some Layer)
    throws
  {
    guard shape.count <= Self.mostValues, WeightLimit.allows(shape.count) else {
      throw ShapeError(layer, expected: "at most \(Self.mostValues) values to normalize", got: shape)
    }
    if hasWeight, weight == nil { weight = Tensor(repeating: 1, shape: shape) }
    if hasBias, bias == nil { bias = .zeros(shape) }
  }

  /// What is not as usual, as a list of arguments.
  func arguments(hasBiasOfItsOwn: Bool = true) -> [String] {
    var arguments = epsilon == usualEpsilon ? [] : ["epsilon: \(epsilon)"]
    if !hasWeight {
      arguments.append("affine: false")
    } else if !hasBias, hasBiasOfItsOwn {
      arguments.append("bias: false")
    }
    return arguments
  }
}
