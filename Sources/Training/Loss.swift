import Layers
import Operations
import Tensors

/// What training makes small.
public enum Loss: String, Sendable, Hashable, Codable, CaseIterable {
  /// One right class per example, from scores; see ``softmaxCrossEntropy(_:_:)``.
  case softmaxCrossEntropy
  /// Independent yes-or-no answers, from scores: the lecture's per-class form; see ``sigmoidCrossEntropy(_:_:)``.
  case sigmoidCrossEntropy
  /// The squared distance from target values; see ``meanSquaredError(_:_:)``.
  case meanSquaredError

  /// The loss of a model's output, a scalar; the mean over the batch.
  ///
  /// Labels become one-hot targets where the loss compares values.
  ///
  /// - Throws: ``ShapeError`` if the targets do not fit the output; ``DataError`` if the loss wants labels and has values.
  public func callAsFunction(_ output: Tensor, _ targets: Targets) throws -> Tensor {
    switch (self, targets) {
    case (.softmaxCrossEntropy, .labels(let labels, _)):
      return try Operations.softmaxCrossEntropy(output, labels)
    case (.softmaxCrossEntropy, .values): throw DataError.noLabels(loss: rawValue)
    case (.sigmoidCrossEntropy, _): return try Operations.sigmoidCrossEntropy(output, targets.values)
    case (.meanSquaredError, _): return try Operations.meanSquaredError(output, targets.values)
    }
  }
}

extension Loss {
  /// Checks that a model's outputs for these examples can be compared with their targets.
  ///
  /// - Throws: ``ShapeError`` if the model cannot take the examples or gives another shape than the targets';
  ///   ``DataError`` if there are none, or values where the loss wants labels.
  func check(_ examples: Examples, for model: some Layer) throws {
    guard examples.count > 0 else { throw DataError.empty }
    let output = try model.outputShape(for: examples.exampleShape)
    switch (examples.targets, self) {
    case (.values, .softmaxCrossEntropy): throw DataError.noLabels(loss: rawValue)
    case (.values(let values), _):
      guard values.shape.droppingFirst == output else {
        throw ShapeError(
          "\(rawValue)", expected: "target values \(output) for an example", got: values.shape.droppingFirst)
      }
    case (.labels(_, let classes), _):
      let fits =
        self == .softmaxCrossEntropy ? output.rank == 1 && classes <= output.count : output == [classes]
      guard fits else {
        throw ShapeError("\(rawValue)", expected: "outputs [\(classes)] for \(classes) classes", got: output)
      }
    }
  }
}

extension Targets {
  /// The targets as values: those given, or a row with a 1 in the label's place for each label.
  public var values: Tensor {
    switch self {
    case .values(let values): return values
    case .labels(let labels, let classes):
      var rows = Tensor.zeros([labels.count, classes])
      rows.withUnsafeMutableElements { rows in
        for (example, label) in labels.enumerated() { rows[example * classes + label] = 1 }
      }
      return rows
    }
  }
}
