import Tensors

/// What a network is to answer for each example.
public enum Targets: Sendable, Equatable {
  /// The class of each example, one of `0..<classes`.
  case labels([Int], classes: Int)

  /// The wanted output of each example: `[examples, …]`.
  case values(Tensor)

  /// The number of examples.
  public var count: Int {
    switch self {
    case .labels(let labels, _): labels.count
    case .values(let values): values.shape.rank == 0 ? 0 : values.shape[0]
    }
  }

  /// The most classes that a file of labels without a number of classes is believed to have.
  static let mostClasses = 1 << 20
}

/// Inputs and what a network is to answer for each: a data set, or a part of one.
///
/// | value     | shape                                              |
/// |-----------|----------------------------------------------------|
/// | `inputs`  | `[examples, …]`                                    |
/// | `targets` | a label for each example, or values `[examples, …]` |
///
/// All inputs and values are finite and all labels are of a class: checked once, when the examples are made.
public struct Examples: Sendable, Equatable {
  /// One input for each index of the first axis.
  public let inputs: Tensor

  /// What is wanted for each input.
  public let targets: Targets

  /// The number of examples.
  public var count: Int { inputs.shape[0] }

  /// The shape of one input.
  public var exampleShape: Shape { inputs.shape.droppingFirst }

  /// Inputs with their targets.
  ///
  /// - Throws: ``DataError`` if their numbers differ, a label is not of a class, or a number is not finite.
  /// - Complexity: O(number of elements).
  public init(inputs: Tensor, targets: Targets) throws {
    guard inputs.shape.rank > 0 else { throw DataError.noExampleAxis(of: "inputs") }
    if case .values(let values) = targets, values.shape.rank == 0 {
      throw DataError.noExampleAxis(of: "target values")
    }
    guard inputs.shape[0] == targets.count else {
      throw DataError.countMismatch(inputs: inputs.shape[0], targets: targets.count)
    }
    try inputs.checkFinite("input")
    switch targets {
    case .values(let values): try values.checkFinite("target value")
    case .labels(let labels, let classes):
      guard classes > 0 else { throw DataError.noClasses(classes) }
      if let example = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
        throw DataError.labelOutOfRange(labels[example], example: example, classes: classes)
      }
    }
    self.init(unchecked: inputs, targets)
  }

  /// Examples already known to be sound.
  init(unchecked inputs: Tensor, _ targets: Targets) {
    self.inputs = inputs
    self.targets = targets
  }

  /// The examples at the given indices, in that order; an index may come several times.
  ///
  /// - Precondition: every index is one of `0..<count`.
  /// - Complexity: O(number of elements selected).
  public func selecting(_ indices: some Collection<Int>) -> Examples {
    precondition(indices.allSatisfy { (0..<count).contains($0) }, "an index is not one of 0..<\(count)")
    let selected: Targets =
      switch targets {
      case .labels(let labels, let classes): .labels(indices.map { labels[$0] }, classes: classes)
      case .values(let values): .values(values.rows(indices))
      }
    return Examples(unchecked: inputs.rows(indices), selected)
  }

  /// The first `count` examples, and the others.
  ///
  /// - Precondition: `0 <= count <= self.count`.
  public func split(first count: Int) -> (first: Examples, rest: Examples) {
    (selecting(0..<count), selecting(count..<self.count))
  }
}

extension Tensor {
  fileprivate func checkFinite(_ name: String) throws {
    try withUnsafeElements { elements in
      guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return }
      throw DataError.notFinite(name, elements[index], example: index / shape.droppingFirst.count)
    }
  }
}
