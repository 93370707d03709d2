import Foundation
import LinearAlgebra
import Tensors

/// x², element by element.
public func square(_ input: Tensor) throws -> Tensor {
  try input.replacingParts { $0.replaceEach { $0 * $0 } }.recorded(from: input) {
    Elementwise(kept: input.detached) { error, x in error.replaceEach(by: x) { error, x in 2 * error * x } }
  }
}

/// √x, element by element; NaN below 0. Its gradient at 0 is infinite.
public func squareRoot(_ input: Tensor) throws -> Tensor {
  var output = input.detached
  output.withUnsafeMutableElements { Elementary.squareRoot($0) }
  return try output.recorded(from: input) {
    Elementwise(kept: output) { error, y in error.replaceEach(by: y) { error, y in 0.5 * error / y } }
  }
}

/// eˣ, element by element.
public func exp(_ input: Tensor) throws -> Tensor {
  var output = input.detached
  output.withUnsafeMutableElements { Elementary.exp($0) }
  return try output.recorded(from: input) {
    Elementwise(kept: output) { error, y in error.replaceEach(by: y) { error, y in error * y } }
  }
}

/// ln x, element by element; −∞ at 0, NaN below.
public func log(_ input: Tensor) throws -> Tensor {
  var output = input.detached
  output.withUnsafeMutableElements { Elementary.log($0) }
  return try output.recorded(from: input) {
    Elementwise(kept: input.detached) { error, x in error.replaceEach(by: x) { error, x in error / x } }
  }
}

/// |x|, element by element; its gradient at 0 is 0.
public func absolute(_ input: Tensor) throws -> Tensor {
  try input.replacingParts { $0.replaceEach { $0.magnitude } }.recorded(from: input) {
    Elementwise(kept: input.detached) { error, x in
      error.replaceEach(by: x) { error, x in x > 0 ? error : x < 0 ? -error : 0 }
    }
  }
}

/// xᵖ, element by element; NaN below 0 unless p is a whole number.
public func power(_ input: Tensor, _ exponent: Float) throws -> Tensor {
  try input.replacingParts { $0.replaceEach { Foundation.pow($0, exponent) } }.recorded(from: input) {
    Elementwise(kept: input.detached) { error, x in
      guard exponent != 0 else { return error.update(repeating: 0) }
      error.replaceEach(by: x) { error, x in error * exponent * Foundation.pow(x, exponent - 1) }
    }
  }
}

/// In the forward run y = f(x), element by element; therefore the error term of x is that of y times the gradient f′ in
/// this layer, from x or y, whichever says it best.
private struct Elementwise: DifferentiableOperation {
  let kept: Tensor

  /// Multiplies the error terms by f′.
  let multiply: @Sendable (UnsafeMutableBufferPointer<Float>, _ kept: UnsafeBufferPointer<Float>) -> Void

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    error.updateParts(with: kept, multiply)
    inputs.add(error, to: 0)
  }
}

extension Tensor {
  /// A copy of the elements, changed by `body` for parts of them; a constant to any tape.
  fileprivate func replacingParts(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) -> Tensor {
    var result = detached
    result.updateParts(body)
    return result
  }
}
