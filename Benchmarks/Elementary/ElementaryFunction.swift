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
      map("tanh", Elementary.tanh) { Foundation.tanh($0) },
      map("sigmoid", Elementary.sigmoid) { 1 / (1 + Foundation.exp(-$0)) },
      map("softplus", Elementary.softplus) { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) },
      reduce("sum", { $0.reduce(0, +) }) { values in
        var sum: Float = 0
        for value in values { sum += value }
        return sum
      },
      reduce("max", { $0.reduce(-.infinity, max) }) { values in
        var greatest = -Float.infinity
        for value in values { greatest = max(greatest, value) }
        return greatest
      },
      reduce("dot", { zip($0, $0).reduce(0) { $0 + $1.0 * $1.1 } }) { values in
        var sum: Float = 0
        for value in values { sum += value * value }
        return sum
      },
    ]
  }

  @inline(__always)
  private static func map(
    _ name: String, _ swift: @escaping (Float) -> Float, _ foundation: @escaping (Float) -> Float
  ) -> ElementaryFunction {
    ElementaryFunction(
      name: name, swift: { replace($0, swift) }, foundation: { replace($0, foundation) })
  }

  @inline(__always)
  private static func reduce(
    _ name: String, _ swift: @escaping Body, _ foundation: @escaping Body
  ) -> ElementaryFunction {
    ElementaryFunction(name: name, swift: swift, foundation: foundation)
  }

  @inline(__always)
  private static func replace(_ values: Values, _ function: (Float) -> Float) -> Float {
    for index in values.indices { values[index] = function(values[index]) }
    return 0
  }
}
