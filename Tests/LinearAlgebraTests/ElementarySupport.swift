import Foundation
import LinearAlgebra
import Testing

/// An elementary function under test: its two forms, the function in double precision and the bound it states.
struct ElementaryCase: Sendable, CustomTestStringConvertible {
  let name: String
  let scalar: @Sendable (Float) -> Float
  let buffer: @Sendable (UnsafeMutableBufferPointer<Float>) -> Void
  let exact: @Sendable (Double) -> Double

  /// The stated error bound at x, in ulp.
  let bound: @Sendable (Double) -> Double

  var testDescription: String { name }

  /// The function's values at `inputs`, by the buffer's form.
  func values(at inputs: [Float]) -> [Float] {
    var values = inputs
    values.withUnsafeMutableBufferPointer { buffer($0) }
    return values
  }

  static let all = [
    ElementaryCase(
      name: "exp", scalar: { Elementary.exp($0) }, buffer: { Elementary.exp($0) }, exact: { exp($0) },
      bound: { _ in 1.1 }),
    ElementaryCase(
      name: "log", scalar: { Elementary.log($0) }, buffer: { Elementary.log($0) }, exact: { log($0) },
      bound: { _ in 1 }),
    ElementaryCase(
      name: "log1p", scalar: { Elementary.log1p($0) }, buffer: { Elementary.log1p($0) }, exact: { log1p($0) },
      bound: { _ in 1.5 }),
    ElementaryCase(
      name: "squareRoot", scalar: { Elementary.squareRoot($0) }, buffer: { Elementary.squareRoot($0) },
      exact: { $0.squareRoot() }, bound: { _ in 0.5 }),
    ElementaryCase(
      name: "tanh", scalar: { Elementary.tanh($0) }, buffer: { Elementary.tanh($0) }, exact: { tanh($0) },
      bound: { _ in 1.5 }),
    ElementaryCase(
      name: "sigmoid", scalar: { Elementary.sigmoid($0) }, buffer: { Elementary.sigmoid($0) },
      exact: exactSigmoid, bound: { _ in 2.5 }),
    ElementaryCase(
      name: "softplus", scalar: { Elementary.softplus($0) }, buffer: { Elementary.softplus($0) },
      exact: { $0.isNaN ? $0 : max($0, 0) + log1p(exp(-abs($0))) }, bound: { _ in 2 }),
    ElementaryCase(
      name: "erf", scalar: { Elementary.erf($0) }, buffer: { Elementary.erf($0) }, exact: { erf($0) },
      bound: { _ in 2 }),
    ElementaryCase(
      name: "gelu", scalar: { Elementary.gelu($0) }, buffer: { Elementary.gelu($0) },
      exact: { $0 == -.infinity ? 0 : $0 / 2 * erfc(-$0 / 2.0.squareRoot()) }, bound: { $0 < 0 ? 6 : 2 }),
    ElementaryCase(
      name: "geluTanh", scalar: { Elementary.geluTanh($0) }, buffer: { Elementary.geluTanh($0) },
      exact: { $0 == -.infinity ? 0 : $0 * exactSigmoid(2 * tanhArgument($0)) },
      bound: { $0 < 0 ? 3 + 6 * abs(tanhArgument($0)) : 2 }),
  ]
}

private func exactSigmoid(_ x: Double) -> Double { x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }

/// The argument of tanh in the approximation of GELU.
private func tanhArgument(_ x: Double) -> Double { (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x) }

/// The distance from `value` to `exact` in units of the last place a `Float` of that size has; infinite if only one of
/// them is NaN, zero if both are.
///
/// Beyond the largest `Float`, 2¹²⁸ stands for infinity, which is what rounding makes of it.
func errorInUlp(_ value: Float, _ exact: Double) -> Double {
  if value.isNaN || exact.isNaN { return value.isNaN && exact.isNaN ? 0 : .infinity }
  let limit = 0x1p128
  let value = value.isInfinite ? (value < 0 ? -limit : limit) : Double(value)
  let exact = max(-limit, min(limit, exact))
  let size = abs(exact) < 0x1p-126 ? -126 : min(Int(exact.exponent), 127)
  return abs(value - exact) * scalbn(1, 23 - size)
}
