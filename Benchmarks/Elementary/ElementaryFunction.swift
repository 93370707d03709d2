import Foundation
import NeuralNetworks

/// One elementary function: the library's over a buffer, and a plain loop over Foundation's.
struct ElementaryFunction {
  typealias Values = UnsafeMutableBufferPointer<Float>
  /// Changes the values in place, or returns what it makes of them.
  typealias Body = (Values) -> Float

  let name: String
  let swift: Body
  let foundation: Body
}

/// What the library offers over buffers: the one place that knows its form.
extension ElementaryFunction {
  static var all: [ElementaryFunction] {
    [
      map("exp", Elementary.exp) { Foundation.exp($0) },
      map("log", Elementary.log) { Foundation.log($0) },
      map("log1p", Elementary.log1p) { Foundation.log1p($0) },
      map("tanh", Elementary.tanh) { Foundation.tanh($0) },
      map("sigmoid", Elementary.sigmoid) { 1 / (1 + Foundation.exp(-$0)) },
      map("softplus", Elementary.softplus) { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) },
      map("erf", Elementary.erf) { Foundation.erf($0) },
      map("gelu", Elementary.gelu) { 0.5 * $0 * (1 + Foundation.erf($0 * 0.70710678)) },
      map("geluTanh", Elementary.geluTanh) {
        0.5 * $0 * (1 + Foundation.tanh(0.79788456 * ($0 + 0.044715 * $0 * $0 * $0)))
      },
      ElementaryFunction(
        name: "sum", swift: { Elementary.sum(UnsafeBufferPointer($0)) },
        foundation: { values in
          var sum: Float = 0
          for value in values { sum += value }
          return sum
        }),
      ElementaryFunction(
        name: "max", swift: { Elementary.maximum(UnsafeBufferPointer($0)) },
        foundation: { values in
          var greatest = -Float.infinity
          for value in values { greatest = max(greatest, value) }
          return greatest
        }),
      ElementaryFunction(
        name: "dot", swift: { Elementary.dot(UnsafeBufferPointer($0), UnsafeBufferPointer($0)) },
        foundation: { values in
          var sum: Float = 0
          for value in values { sum += value * value }
          return sum
        }),
    ]
  }

  @inline(__always)
  private static func map(
    _ name: String, _ swift: @escaping (Values) -> Void, _ foundation: @escaping (Float) -> Float
  ) -> ElementaryFunction {
    ElementaryFunction(
      name: name,
      swift: { values in
        swift(values)
        return 0
      },
      foundation: { values in
        for index in values.indices { values[index] = foundation(values[index]) }
        return 0
      })
  }
}
