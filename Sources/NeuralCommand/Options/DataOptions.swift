import ArgumentParser
import Foundation
import NeuralNetworks

/// Where examples come from.
struct DataOptions: ParsableArguments {
  @Option(
    help: """
      digits, fashion-mnist, sunspots, a CSV file whose last column is the target, an IDX file of images, or a file of FANN's \
      that ends in .train, .test or .data.
      """)
  var data = "digits"

  @Option(help: "The IDX file of labels that belongs to an IDX file of images.")
  var labels: String?

  @Flag(help: "The last column of a CSV file is a value to predict, not the number of a class.")
  var regression = false

  @OptionGroup var installation: InstallOption

  func validate() throws {
    guard isFile || (labels == nil && !regression) else {
      throw ValidationError("--labels and --regression belong to a file, not to \(data)")
    }
    guard labels == nil || !regression else {
      throw ValidationError("--labels gives classes, --regression has values")
    }
  }

  /// The sets that have a name.
  private enum NamedSet: String {
    case digits
    case fashionMNIST = "fashion-mnist"
    case sunspots
  }

  /// Whether the data is a file of the user's.
  var isFile: Bool { NamedSet(rawValue: data) == nil }

  /// Training and test examples; of one file every fifth example is for testing.
  func load() throws -> (training: Examples, test: Examples) {
    switch NamedSet(rawValue: data) {
    case .digits: return Digits.load()
    case .fashionMNIST: return try FashionMNIST.load(installation)
    case .sunspots: return try Sunspots.load(installation)
    case nil:
      let examples = try loadFile()
      guard examples.count >= 5 else {
        throw FileError(
          path: data,
          reason: "has \(examples.count) examples; every fifth is set apart for testing, so 5 are needed")
      }
      let test = stride(from: 4, to: examples.count, by: 5)
      return (
        examples.selecting((0..<examples.count).filter { $0 % 5 != 4 }), examples.selecting(Array(test))
      )
    }
  }

  /// All examples of a file.
  func loadFile() throws -> Examples {
    if let labels { return try IDX.examples(images: data, labels: labels) }
    if [".train", ".test", ".data"].contains(where: data.hasSuffix) { return try FANN.read(data) }
    guard try FileHandle(forReadingAtPath: data)?.read(upToCount: 2) != Data([0, 0]) else {
      throw FileError(path: data, reason: "is an IDX file, whose labels are another; give that by --labels")
    }
    return try CSV.examples(data, target: regression ? .value : .label())
  }
}

extension Examples {
  /// Numbers in an answer: classes, or values of a regression.
  var outputs: Int {
    switch targets {
    case .labels(_, let classes): classes
    case .values(let values): values.shape.droppingFirst.count
    }
  }

  /// Cross-entropy for classes, the mean squared error for values.
  var usualLoss: Loss { if case .labels = targets { .softmaxCrossEntropy } else { .meanSquaredError } }
}

/// Test examples from files of their own.
struct TestDataOptions: ParsableArguments {
  @Option(help: "Test examples of the same kind. (default: the set's own, or every fifth example)")
  var testData: String?

  @Option(help: "The IDX file of labels that belongs to an IDX file of test images.")
  var testLabels: String?

  /// Training and test examples, these from their own file if there is one.
  func load(_ source: DataOptions) throws -> (training: Examples, test: Examples) {
    guard let testData else {
      guard testLabels == nil else { throw ValidationError("--test-labels belongs to --test-data") }
      return try source.load()
    }
    guard source.isFile else { throw ValidationError("--test-data belongs to a file, not to \(source.data)") }
    var test = source
    (test.data, test.labels) = (testData, testLabels)
    return (try source.loadFile(), try test.loadFile())
  }
}
