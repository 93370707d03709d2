import Tensors

/// φ(input), element by element.
///
/// | value | shape |
/// |---|---|
/// | `input`, output | any, the same |
public func activate(_ input: Tensor, _ activation: Activation) throws -> Tensor {
  let (output, kept) = activation.applied(to: input.detached, watching: input)
  return try output.recorded(from: input) { Activate(activation: activation, kept: kept) }
}

/// In the forward run y = φ(x); therefore the error term of x is that of y times the gradient φ′ in this layer.
private struct Activate: DifferentiableOperation {
  let activation: Activation
  let kept: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    activation.multiply(&error, byDerivativeAt: kept)
    inputs.add(error, to: 0)
  }
}

/// The logistic curve 1 / (1 + e⁻ˣ), element by element.
public func sigmoid(_ input: Tensor) throws -> Tensor { try activate(input, .sigmoid) }

/// The hyperbolic tangent, element by element.
public func tanh(_ input: Tensor) throws -> Tensor { try activate(input, .tanh) }

/// The step function with 0.5 at 0, element by element; its gradient is zero.
public func heaviside(_ input: Tensor) throws -> Tensor { try activate(input, .heaviside) }

/// max(x, 0), element by element; its gradient at 0 is 0.
public func relu(_ input: Tensor) throws -> Tensor { try activate(input, .relu) }
