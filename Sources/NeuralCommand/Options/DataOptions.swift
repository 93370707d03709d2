import ArgumentParser
import Foundation
import NeuralNetworks

/// The sets of examples that have a name.
enum NamedSet: String, CaseIterable {
  case digits
  case fashionMNIST = "fashion-mnist"
  case sunspots, abalone
  case laterSunspots = "sunspots-1956-79"

  /// Training and test examples.
  func load(_ installation: InstallOption) throws -> (training: Examples, test: Examples) {
    switch self {
    case .digits: return Digits.load()
    case .fashionMNIST: return try FashionMNIST.load(installation)
    case .sunspots: return try Sunspots.load(installation, test: 1921...1955)
    case .laterSunspots: return try Sunspots.load(installation, test: 1956...1979)
    case .abalone: return try Abalone.load(installation)
    }
  }
}

/// Where examples come from.
struct DataOptions: ParsableArguments {
  @Option(
    help: """
      \(NamedSet.allCases.map(\.rawValue).joined(separator: ", ")); a CSV file whose last column is the target, an IDX file of \
      images, or a file of FANN's that ends in .train, .test or .data. (default: the recipe's own, or digits)
      """)
  var data: String?

  @Option(help: "The IDX file of labels that belongs to an IDX file of images.")
  var labels: String?

  @Flag(help: "The last column of a CSV file is a value to predict, not the number of a class.")
  var regression = false

  @OptionGroup var installation: InstallOption

  func validate() throws {
    guard file != nil || (labels == nil && !regression) else {
      throw ValidationError("--labels and --regression belong to a file, not to \(data ?? "a named set")")
    }
    guard labels == nil || !regression else {
      throw ValidationError("--labels gives classes, --regression has values")
    }
    guard file == nil || !installation.install else {
      throw ValidationError("--install belongs to a named set, not to a file")
    }
  }

  /// The user's file, if the data is not a set that has a name.
  var file: String? { data.flatMap { NamedSet(rawValue: $0) == nil ? $0 : nil } }

  /// Training and test examples; of one file every fifth example is for testing.
  ///
  /// - Parameter usual: the set that is meant where none is named.
  func load(orElse usual: NamedSet = .digits) throws -> (training: Examples, test: Examples) {
    guard let file else {
      return try (data.flatMap(NamedSet.init) ?? usual).load(installation)
    }
    let examples = try load(file: file)
    guard examples.count >= 5 else {
      throw FileError(
        path: file,
        reason: "has \(examples.count) examples; every fifth is set apart for testing, so 5 are needed")
    }
    let test = stride(from: 4, to: examples.count, by: 5)
    return (examples.selecting((0..<examples.count).filter { $0 % 5 != 4 }), examples.selecting(Array(test)))
  }

  /// All examples of a file.
  func load(file: String) throws -> Examples {
    if let labels { return try IDX.examples(images: file, labels: labels) }
    if [".train", ".test", ".data"].contains(where: file.hasSuffix) { return try FANN.read(file) }
    guard try FileHandle(forReadingAtPath: file)?.read(upToCount: 2) != Data([0, 0]) else {
      throw FileError(path: file, reason: "is an IDX file, whose labels are another; give that by --labels")
    }
    return try CSV.examples(file, target: regression ? .value : .label())
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
  func load(
    _ source: DataOptions, orElse usual: NamedSet
  ) throws -> (training: Examples, test: Examples) {
    guard let testData else {
      guard testLabels == nil else { throw ValidationError("--test-labels belongs to --test-data") }
      return try source.load(orElse: usual)
    }
    guard let file = source.file else { throw ValidationError("--test-data belongs to a file of --data") }
    var test = source
    test.labels = testLabels
    return (try source.load(file: file), try test.load(file: testData))
  }
}
