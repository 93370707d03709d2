import ArgumentParser
import NeuralNetworks

/// Where examples come from.
struct DataOptions: ParsableArguments {
  @Option(
    help: "digits, fashion-mnist, a CSV file whose last column is the target, or an IDX file of images.")
  var data = "digits"

  @Option(help: "The IDX file of labels that belongs to an IDX file of images.")
  var labels: String?

  @Option(help: "Test examples of the same kind. (default: the set's own, or every fifth example)")
  var testData: String?

  @Option(help: "The IDX file of labels that belongs to an IDX file of test images.")
  var testLabels: String?

  @Flag(help: "The last column of a CSV file is a value to predict, not the number of a class.")
  var regression = false

  /// Training and test examples.
  func load() throws -> (training: Examples, test: Examples) {
    switch data {
    case "digits": return Digits.load()
    case "fashion-mnist": return try FashionMNIST.load()
    default:
      let examples = try read(data, labels)
      if let testData { return (examples, try read(testData, testLabels)) }
      let (test, training) = (0..<examples.count).reduce(into: ([Int](), [Int]())) { parts, index in
        if index % 5 == 4 { parts.0.append(index) } else { parts.1.append(index) }
      }
      return (examples.selecting(training), examples.selecting(test))
    }
  }

  private func read(_ path: String, _ labels: String?) throws -> Examples {
    if let labels { return try IDX.examples(images: path, labels: labels) }
    return try CSV.examples(path, target: regression ? .value : .label())
  }
}
