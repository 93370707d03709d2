import Operations
import Tensors

/// How a part of a transformer's block stands in it: what the part gives is added to what it gets.
///
///     normalized afterwards   norm(x + dropout(part(x)))     Vaswani et al., 2017
///     normalized first        x + dropout(part(norm(x)))     Xiong et al., "On layer normalization in the transformer
///                                                            architecture", ICML 2020
struct ResidualConnection: Codable {
  let normalizesFirst: Bool
  let dropout: Dropout

  func callAsFunction(
    _ x: Tensor, around norm: LayerNorm, in pass: Pass, _ part: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    if normalizesFirst { return try x + dropout(part(norm(x, in: pass)), in: pass) }
    return try norm(x + dropout(part(x), in: pass), in: pass)
  }
}
