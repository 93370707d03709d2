import Layers
import Tensors

/// How well a model does on examples.
public struct Evaluation: Sendable, Hashable, Codable {
  /// The mean loss of an example.
  public let loss: Float

  /// The share of examples whose highest score is their label's; `nil` where targets are values.
  public let accuracy: Float?
}

/// Loss and accuracy summed over batches.
struct RunningEvaluation {
  private var loss = 0.0
  private var correct = 0
  private var examples = 0
  private var hasLabels = false

  mutating func add(loss: Float, output: Tensor, targets: Targets, count: Int) {
    self.loss += Double(loss) * Double(count)
    examples += count
    if case .labels(let labels, _) = targets {
      hasLabels = true
      correct += zip(output.highestPositions, labels).count { $0 == $1 }
    }
  }

  var result: Evaluation {
    let count = Double(max(1, examples))
    return Evaluation(loss: Float(loss / count), accuracy: hasLabels ? Float(Double(correct) / count) : nil)
  }
}

extension Tensor {
  /// For each row along the last axis the position of its highest element: a classifier's answers. Of equal elements the
  /// first counts; NaN does not, and a row of nothing else gives -1.
  public var highestPositions: [Int] {
    guard shape.rank > 0, shape[-1] > 0 else { return [] }
    let width = shape[-1]
    return withUnsafeElements { elements in
      stride(from: 0, to: elements.count, by: width).map { start in
        var best = start
        for index in start..<start + width where elements[index] > elements[best] || elements[best].isNaN {
          best = index
        }
        return elements[best].isNaN ? -1 : best - start
      }
    }
  }
}

extension Layer {
  /// Loss and accuracy on examples, in inference.
  ///
  /// - Throws: ``ShapeError`` or ``DataError`` if the examples do not fit the model or the loss.
  public func evaluate(_ examples: Examples, loss: Loss = .softmaxCrossEntropy, batchSize: Int = 256) throws
    -> Evaluation
  {
    try loss.check(examples, for: self)
    var running = RunningEvaluation()
    for batch in examples.batches(of: batchSize) {
      let output = try self(batch.inputs)
      running.add(
        loss: try loss(output, batch.targets).item(), output: output, targets: batch.targets,
        count: batch.count)
    }
    return running.result
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
