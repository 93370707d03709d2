import Foundation

/// The times of one thing done many times, in seconds.
struct Samples {
  var seconds: [Double] = []

  /// The middle one, or the mean of the two in the middle.
  var median: Double { seconds.median }

  /// Half the distance between the quartiles, as a fraction of the median.
  var spread: Double {
    let sorted = seconds.sorted()
    guard sorted.count > 3, median > 0 else { return 0 }
    return (sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]) / 2 / median
  }
}

extension [Double] {
  /// The middle one, or the mean of the two in the middle; 0 if there is none.
  var median: Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }

  /// The geometric mean; 1 if there is none.
  var geometricMean: Double {
    exp(map { log($0) }.reduce(0, +) / Double(Swift.max(1, count)))
  }
}
