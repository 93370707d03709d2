import Foundation
import Operations
import Tensors

/// Attention as its formula has it, in double precision, all scores at once: softmax(scale · QKᵀ + mask) · V and what flows
/// back through it.
struct AttentionOracle {
  var output: [Double]
  var dq: [Double]
  var dk: [Double]
  var dv: [Double]

  /// - Parameter bias: what is added to the score of a query and key of an example; −∞ hides the key.
  init(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, error: Tensor, scale: Double,
    bias: (_ example: Int, _ query: Int, _ key: Int) -> Double
  ) {
    let (batch, heads, queries, width) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3])
    let (keys, valueWidth) = (k.shape[2], v.shape[3])
    output = Array(repeating: 0, count: batch * heads * queries * valueWidth)
    (dq, dk, dv) = (Self.zeros(q), Self.zeros(k), Self.zeros(v))
    let (q, k, v, error) = (Self.numbers(q), Self.numbers(k), Self.numbers(v), Self.numbers(error))
    for head in 0..<batch * heads {
      for i in 0..<queries {
        let row = (head * queries + i) * width
        let out = (head * queries + i) * valueWidth
        var p = (0..<keys).map { j -> Double in
          let hidden = bias(head / heads, i, j)
          return scale * (0..<width).reduce(0) { $0 + q[row + $1] * k[(head * keys + j) * width + $1] }
            + hidden
        }
        let greatest = p.max() ?? -.infinity
        if greatest == -.infinity { continue }
        p = p.map { exp($0 - greatest) }
        let sum = p.reduce(0, +)
        p = p.map { $0 / sum }
        var slopes = p
        for j in 0..<keys {
          let value = (head * keys + j) * valueWidth
          slopes[j] = (0..<valueWidth).reduce(0) { $0 + error[out + $1] * v[value + $1] }
          for c in 0..<valueWidth {
            output[out + c] += p[j] * v[value + c]
            dv[value + c] += p[j] * error[out + c]
          }
        }
        let mean = zip(p, slopes).reduce(0) { $0 + $1.0 * $1.1 }
        for j in 0..<keys {
          let delta = scale * p[j] * (slopes[j] - mean)
          for c in 0..<width {
            dq[row + c] += delta * k[(head * keys + j) * width + c]
            dk[(head * keys + j) * width + c] += delta * q[row + c]
          }
        }
      }
    }
  }

  private static func zeros(_ tensor: Tensor) -> [Double] { Array(repeating: 0, count: tensor.count) }
  private static func numbers(_ tensor: Tensor) -> [Double] { tensor.array.map(Double.init) }
}
