import NeuralNetworks

/// The yearly numbers of sunspots from 1700 to 2008, each to be told from the twelve years before.
package enum Sunspots {
  private static let package = DataPackage(
    name: "the table of sunspots",
    origin: .wheel("statsmodels", version: nil, files: ["statsmodels/datasets/sunspots/sunspots.csv"]))

  private static let firstYear = 1700

  /// What a number is divided by: the standard deviation from 1700 to 1979, so that a mean squared error is the share of
  /// the variance that is not explained, as it is published.
  private static let deviation: Float = 38.6729

  /// What is taken off before: the mean from 1700 to 1920.
  private static let mean: Float = 43.4805

  /// The years 1712 to 1920 to learn from, and some later ones, not after 1979, to test on.
  static func load(
    _ installation: InstallOption, test: ClosedRange<Int>
  ) throws -> (training: Examples, test: Examples) {
    try examples(contentsOf: package.files(installing: installation.install)[0], test: test)
  }

  /// Those years of a file of a year and its number a line.
  package static func examples(
    contentsOf path: String, test: ClosedRange<Int>
  ) throws -> (training: Examples, test: Examples) {
    let table = try CSV.read(path).values
    guard table.shape.rank == 2, table.shape[0] > 1979 - firstYear, table.shape[1] == 2 else {
      throw FileError(path: path, reason: "is not a year and a number a line, from \(firstYear) on")
    }
    let numbers = (0..<table.shape[0]).map { (table[$0, 1] - mean) / deviation }
    func years(_ range: ClosedRange<Int>) throws -> Examples {
      try Examples(
        lags: 12, of: Array(numbers[range.lowerBound - firstYear - 12...range.upperBound - firstYear]))
    }
    return (try years(1712...1920), try years(test))
  }
}
