import Synchronization

/// How many weights layers may take memory for.
enum WeightLimit {
  /// Beyond this a size is taken for a mistake: 8 GiB.
  static let most = 1 << 31

  /// What is left to a model that is built from a file, whose sizes may lie; `nil` where there is no such limit.
  @TaskLocal static var budget: WeightBudget?

  /// Whether so many weights may be taken memory for; if so they are off the budget.
  static func allows(_ count: Int) -> Bool { count <= most && budget?.take(count) ?? true }
}

/// Weights that are left to take memory for.
final class WeightBudget: Sendable {
  private let left: Mutex<Int>

  init(_ count: Int) { left = Mutex(count) }

  /// Takes so many, if there are as many left.
  func take(_ count: Int) -> Bool {
    left.withLock { left in
      guard count <= left else { return false }
      left -= count
      return true
    }
  }
}

/// What `body` builds from a file that warrants memory for at most so many weights.
///
/// - Throws: ``ShapeError`` from a layer that would take more.
package func withWeights<Result>(atMost most: Int, _ body: () throws -> Result) rethrows -> Result {
  try WeightLimit.$budget.withValue(WeightBudget(most), operation: body)
}
