/// One step of a feed-forward run that knows its way back: the values its gradient needs, kept until then.
///
/// An operation is the lecture's unit of backpropagation. All that its backward run needs was computed in the forward
/// run, except for the error term, which ``backward(_:to:)`` receives and passes on: one error term per input.
public protocol DifferentiableOperation: Sendable {
  /// Adds to each input's error term what flows into it through this operation.
  ///
  /// - Parameters:
  ///   - error: ∂loss/∂output, of the output's shape. Often the only reference to its memory, so that a backward
  ///     run that transforms it does so in place.
  ///   - inputs: the error terms of the inputs, numbered as they were recorded.
  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws
}
