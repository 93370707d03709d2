/// Examples that no network could learn from: what is wrong, and with which example.
///
/// Prints as one line: `example 17: the label 12 is not one of the classes 0..<10`. Examples are counted from 0.
public enum DataError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A tensor without an axis of examples: `inputs` or `values`.
  case noExampleAxis(of: String)

  /// Different numbers of inputs and targets.
  case countMismatch(inputs: Int, targets: Int)

  /// Labels of less than one class.
  case noClasses(Int)

  /// A label that is not of a class.
  case labelOutOfRange(Int, example: Int, classes: Int)

  /// A NaN or an infinity in the `input` or the `target value` of an example.
  case notFinite(String, Float, example: Int)

  /// No examples at all.
  case empty

  /// Target values for a loss that compares scores with labels.
  case noLabels(loss: String)

  /// Batches of less than one example.
  case batchSize(Int)

  /// What is wrong, on one line.
  public var description: String {
    switch self {
    case .noExampleAxis(let name): "the \(name) are a single number; expected [examples, …]"
    case .countMismatch(let inputs, let targets): "there are \(inputs) inputs but \(targets) targets"
    case .noClasses(let classes): "labels of \(classes) classes; expected at least one"
    case .labelOutOfRange(let label, let example, let classes):
      "example \(example): the label \(label) is not one of the classes 0..<\(classes)"
    case .empty: "there are no examples"
    case .noLabels(let loss): "\(loss) compares with labels, but the targets are values"
    case .batchSize(let size): "batches of \(size) examples; expected at least one"
    case .notFinite(let name, let value, let example): "example \(example): its \(name) holds \(value)"
    }
  }
}
