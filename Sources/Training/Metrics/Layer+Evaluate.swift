import Layers
import Tensors

extension Layer {
  /// Loss, accuracy and more on examples, in inference.
  ///
  /// - Parameters:
  ///   - loss: what is averaged.
  ///   - batchSize: examples computed at a time.
  ///   - top: how many of the highest scores ``Evaluation/topAccuracy`` looks among; `nil` for none.
  /// - Throws: ``ShapeError`` or ``DataError`` if the examples do not fit the model or the loss; `CancellationError` if the
  ///   task is cancelled.
  public func evaluate(
    _ examples: Examples, loss: Loss = .softmaxCrossEntropy, batchSize: Int = 256, top: Int? = nil
  ) throws -> Evaluation {
    try loss.check(examples, for: self)
    var evaluation = DetailedEvaluation(top: top)
    for batch in examples.batches(of: batchSize) {
      try Task.checkCancellation()
      let output = try self(batch.inputs)
      evaluation.add(loss: try loss(output, batch.targets).item(), output: output, targets: batch.targets)
    }
    return evaluation.result
  }

  /// The outputs for many inputs, `[count, …]`, computed batch by batch so that memory stays bounded.
  ///
  /// - Throws: ``ShapeError`` if the inputs do not fit the model.
  public func predict(_ inputs: Tensor, batchSize: Int = 256) throws -> Tensor {
    guard inputs.shape.rank > 0 else {
      throw ShapeError(self, expected: "inputs [count, …]", got: inputs.shape)
    }
    let (count, size) = (inputs.shape[0], max(1, batchSize))
    let output = try outputShape(for: inputs.shape.droppingFirst)
    return try Tensor(shape: output.prepending(count)) { outputs in
      for start in stride(from: 0, to: count, by: min(size, max(1, count))) {
        let end = start + min(size, count - start)
        let batch = try self(inputs.rows(start..<end))
        guard batch.shape == output.prepending(end - start) else {
          throw ShapeError(
            self, expected: "to give \(output) for an example, as it says", got: batch.shape.droppingFirst)
        }
        let place = UnsafeMutableBufferPointer(
          rebasing: outputs[start * output.count..<start * output.count + batch.count])
        batch.withUnsafeElements { _ = place.initialize(from: $0) }
      }
    }
  }
}
