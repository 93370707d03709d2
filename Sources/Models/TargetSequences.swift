import Operations
import Tensors

/// The cross-entropy of an encoder–decoder's scores with its targets and their ends; places past an end do not count.
///
/// - Parameters:
///   - scores: `[batch, longest target + 1, vocabulary]`.
///   - end: the token after a target's last.
///   - smoothing: the share of a token's probability that is spread over all.
func crossEntropy(
  of scores: Tensor, targets: [[Int]], end: Int, smoothing: Float = 0
) throws -> Tensor {
  let ignored = -1
  let wanted = Indices(padding: targets.map { $0 + [end] }, with: ignored)
  return try softmaxCrossEntropy(
    reshape(scores, to: [wanted.elements.count, scores.shape[-1]]), wanted.elements,
    labelSmoothing: smoothing, ignoring: ignored)
}
