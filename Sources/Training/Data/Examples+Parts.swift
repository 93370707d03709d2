import Tensors

extension Examples {
  /// A random share of the examples, and the others; where targets are labels, of each class alike.
  ///
  /// - Parameters:
  ///   - share: of the first part, from 0 to 1; of each class it is rounded to whole examples.
  ///   - seed: decides which.
  public func split(share: Double, seed: UInt64) -> (first: Examples, rest: Examples) {
    var random = RandomSource(seed: seed)
    var classes: [[Int]] = [Array(0..<count)]
    if case .labels(let labels, let number) = targets {
      classes = Array(repeating: [], count: number)
      for (example, label) in labels.enumerated() { classes[label].append(example) }
    }
    var (first, rest): ([Int], [Int]) = ([], [])
    for members in classes {
      let shuffled = random.permutation(members.count).map { members[$0] }
      let part = Int((Double(members.count) * min(max(share, 0), 1)).rounded())
      first += shuffled.prefix(part)
      rest += shuffled.dropFirst(part)
    }
    return (selecting(first.sorted()), selecting(rest.sorted()))
  }

  /// A weight for each class, so that all classes count alike in a mean: examples / (classes · examples of the class), as
  /// scikit-learn's "balanced"; 0 for a class without examples. `nil` where targets are values.
  public var balancedClassWeights: Tensor? {
    guard case .labels(let labels, let classes) = targets else { return nil }
    var counts = Array(repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    return Tensor(counts.map { $0 == 0 ? 0 : Float(labels.count) / Float(classes * $0) })
  }

  /// The examples with the mean taken off each channel of their images, `[examples, channels, …]`, and divided by its
  /// standard deviation.
  ///
  /// - Throws: ``ShapeError`` if there are not as many numbers as channels; ``DataError`` if a result is not finite, as with a
  ///   deviation of 0.
  public func normalized(means: [Float], deviations: [Float]) throws -> Examples {
    let shape = inputs.shape
    guard shape.rank > 1, shape[1] == means.count, shape[1] == deviations.count else {
      throw ShapeError(
        "normalized", expected: "a mean and a deviation for each channel of [examples, channels, …]",
        got: "\(means.count) and \(deviations.count) for \(shape)")
    }
    var result = inputs
    let inner = max(1, shape.droppingFirst.droppingFirst.count)
    result.withUnsafeMutableElements { elements in
      for index in elements.indices {
        let channel = index / inner % means.count
        elements[index] = (elements[index] - means[channel]) / deviations[channel]
      }
    }
    return try Examples(inputs: result, targets: targets)
  }

  /// These examples and then others of the same kind.
  ///
  /// - Throws: ``ShapeError`` if their inputs or values have other shapes; ``DataError`` if one has labels and the other
  ///   values.
  public func appending(_ others: Examples) throws -> Examples {
    func joined(_ a: Tensor, _ b: Tensor, _ name: String) throws -> Tensor {
      guard a.shape.droppingFirst == b.shape.droppingFirst else {
        throw ShapeError(
          "appending", expected: "\(name) \(a.shape.droppingFirst)", got: b.shape.droppingFirst)
      }
      return try Tensor(a.array + b.array, shape: a.shape.droppingFirst.prepending(a.shape[0] + b.shape[0]))
    }
    let inputs = try joined(self.inputs, others.inputs, "inputs")
    switch (targets, others.targets) {
    case (.labels(let a, let classes), .labels(let b, let more)):
      return Examples(unchecked: inputs, .labels(a + b, classes: max(classes, more)))
    case (.values(let a), .values(let b)):
      return Examples(unchecked: inputs, .values(try joined(a, b, "values")))
    default: throw DataError.noLabels(loss: "appending labelled examples")
    }
  }
}
