import Operations
import Tensors

/// A layer that can tell how its output changes when its input moves along a tangent, and through which a gradient finds
/// its way back even so.
///
/// That is forward-mode differentiation, written in operations that a tape records. It gives a loss that depends on a
/// gradient its own gradient; see ``gradientPenalty(of:at:norm:in:)``. The layer has to be the same function at each call
/// of a pass.
public protocol TangentLayer: Layer {
  /// The output for a batch of inputs, and its derivative along `tangent`: lim (f(x + εt) − f(x)) / ε for ε → 0.
  ///
  /// - Parameter tangent: of the input's shape.
  func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  )
}

/// A layer whose output is a linear function of its input, with nothing added: it takes tangents as it takes inputs.
///
/// Flattening, average pooling and upsampling are such layers. To say so is all that is to be done:
///
///     extension Flatten: LinearLayer {}
public protocol LinearLayer: TangentLayer {}

extension LinearLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) {
    (try self(input, in: pass), try self(tangent, in: pass))
  }
}

extension Dense: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) {
    let weight = try checkedWeight(for: input)
    guard input.shape.rank > 0, input.shape[-1] == weight.shape[1], tangent.shape == input.shape else {
      throw ShapeError(
        self, expected: "[batch, \(weight.shape[1])] and a tangent of that shape",
        got: "\(input.shape) and \(tangent.shape)")
    }
    let sums = try linear(input, weight: weight, bias: bias)
    let slopes = try linear(tangent, weight: weight, bias: nil)
    return try activation(sums, along: slopes, in: pass)
  }
}

extension Activation: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) {
    (try activate(input, self), try activationDerivative(self, at: input, along: tangent))
  }
}

extension Named: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) {
    try layer.tangentLayer(input, along: tangent, in: pass)
  }
}

extension Sequential: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) {
    var value = (output: input, tangent: tangent)
    for element in elements {
      do {
        value = try element.layer.tangentLayer(value.output, along: value.tangent, in: pass)
      } catch let error as ShapeError {
        throw error.within(element.name)
      }
    }
    return value
  }
}

extension Layer {
  /// Calls this layer as a ``TangentLayer``.
  ///
  /// - Throws: ``ShapeError`` if it is none.
  fileprivate func tangentLayer(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) {
    guard let layer = self as? any TangentLayer else {
      throw ShapeError(self, expected: "not to stand where a tangent passes through", got: "a tangent")
    }
    return try layer(input, along: tangent, in: pass)
  }
}
