/// How often each class was taken for each other: the answers of a classifier, counted.
///
///     let confusion = try model.evaluate(test).confusion
///     print(confusion.recall(of: 3), confusion.macroF1)
///
/// Where a ratio has nothing to divide by, as the precision of a class that was never answered, it is 0, as in
/// scikit-learn.
public struct ConfusionMatrix: Sendable, Hashable, Codable {
  /// The number of classes.
  public let classes: Int

  /// Row by row: `counts[label · classes + answer]`.
  private var counts: [Int]

  /// No answers yet.
  public init(classes: Int) {
    self.classes = max(0, classes)
    counts = Array(repeating: 0, count: self.classes * self.classes)
  }

  /// Counts an answer. One that is no class, such as the -1 of scores that are NaN, is counted as no answer at all.
  ///
  /// - Precondition: `label` is one of `0..<classes`.
  public mutating func add(label: Int, answer: Int) {
    precondition((0..<classes).contains(label), "a label \(label) of \(classes) classes")
    guard (0..<classes).contains(answer) else { return unanswered += 1 }
    counts[label * classes + answer] += 1
  }

  /// Answers that were no class.
  public private(set) var unanswered = 0

  /// How often `label` was answered by `answer`.
  public subscript(label label: Int, answer answer: Int) -> Int { counts[label * classes + answer] }

  /// All answers.
  public var count: Int { counts.reduce(unanswered, +) }

  /// The share of right answers.
  public var accuracy: Double { ratio((0..<classes).reduce(0) { $0 + counts[$1 * (classes + 1)] }, count) }

  /// Of the answers `label`, the share that is right.
  public func precision(of label: Int) -> Double {
    ratio(self[label: label, answer: label], (0..<classes).reduce(0) { $0 + self[label: $1, answer: label] })
  }

  /// Of the examples of `label`, the share that was answered right.
  public func recall(of label: Int) -> Double {
    ratio(self[label: label, answer: label], (0..<classes).reduce(0) { $0 + self[label: label, answer: $1] })
  }

  /// The harmonic mean of precision and recall.
  public func f1(of label: Int) -> Double {
    let (precision, recall) = (precision(of: label), recall(of: label))
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  /// The mean precision of all classes, each counting alike.
  public var macroPrecision: Double { mean(precision) }

  /// The mean recall of all classes, each counting alike: the balanced accuracy.
  public var macroRecall: Double { mean(recall) }

  /// The mean F1 of all classes, each counting alike.
  public var macroF1: Double { mean(f1) }

  private func mean(_ value: (Int) -> Double) -> Double {
    classes > 0 ? (0..<classes).reduce(0) { $0 + value($1) } / Double(classes) : 0
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// A table: a row a label, a column an answer.
  public var description: String {
    let width = max(6, String(counts.max() ?? 0).count + 1)
    func cell(_ text: String) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    let head = cell("") + (0..<classes).map { cell("\($0)") }.joined()
    let rows = (0..<classes).map { label in
      cell("\(label)") + (0..<classes).map { cell("\(self[label: label, answer: $0])") }.joined()
    }
    return ([head] + rows).joined(separator: "\n")
  }
}
