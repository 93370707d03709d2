import NeuralNetworks

/// Swish with a learnt slope: x · ℓ(βx), element by element, where ℓ is the logistic curve.
///
/// | value | shape |
/// |---|---|
/// | `input` x, output | any, the same |
/// | `slope` β | `[1]` |
///
/// Source: Ramachandran, Zoph and Le, "Searching for activation functions", 2017.
///
/// - Throws: ``ShapeError`` if `slope` is not `[1]`.
public func swish(_ input: Tensor, slope: Tensor) throws -> Tensor {
  guard slope.shape == [1] else { throw ShapeError("swish", expected: "a slope [1]", got: slope.shape) }
  let beta = slope[0]
  var gates = input.detached
  gates.withUnsafeMutableElements { gates in
    for index in gates.indices { gates[index] *= beta }
    Elementary.sigmoid(gates)
  }
  var output = input.detached
  output.withUnsafeMutableElements { y in
    gates.withUnsafeElements { gates in
      for index in y.indices { y[index] *= gates[index] }
    }
  }
  return try output.recorded(from: input, slope) {
    SwishOperation(input: input.detached, slope: slope.detached, gates: gates)
  }
}

/// In the forward run g = ℓ(βx) and y = x g; therefore, with the error term e of y,
///
/// - the error term of βx is δ = e x g (1 − g): error term times gradient in this layer;
/// - the gradient of β is δ x, summed over all elements: δ times the previous layer's result;
/// - the error term of x is e g + β δ, since x enters y twice.
private struct SwishOperation: DifferentiableOperation {
  let input: Tensor
  let slope: Tensor
  let gates: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let beta = slope[0]
    var delta = error.detached
    input.withUnsafeElements { x in
      gates.withUnsafeElements { g in
        delta.withUnsafeMutableElements { delta in
          for index in delta.indices { delta[index] *= x[index] * g[index] * (1 - g[index]) }
          inputs.add(Tensor([Elementary.dot(UnsafeBufferPointer(delta), x)]), to: 1)
        }
        error.withUnsafeMutableElements { error in
          for index in error.indices { error[index] *= g[index] }
        }
      }
    }
    error.add(delta, scaledBy: beta)
    inputs.add(error, to: 0)
  }
}
