import Tensors

extension Pass {
  /// Gives the model's buffers the values that this run has set: running statistics and the like.
  ///
  /// To be called after the step, on the model that was run or a copy of it. A pass of inference sets nothing.
  public func commit(to model: inout some Module) {
    model.updateBuffers { buffer, _ in buffer.value = value(of: buffer) }
  }
}
