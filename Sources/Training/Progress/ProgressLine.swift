import Foundation

/// A training's progress as one line of text that fits a width.
///
/// What does not fit goes, the least important first: the bar shrinks and goes, then the time left, the accuracy, the loss.
public struct ProgressLine: Sendable {
  /// The most characters.
  public let width: Int

  /// Whether the bar is coloured by escape sequences, which take no width.
  public let isColored: Bool

  /// Lines of at most `width` characters.
  public init(width: Int, isColored: Bool = false) {
    self.width = max(0, width)
    self.isColored = isColored
  }

  private static let longestBar = 30
  private static let shortestBar = 5

  /// The line for a step.
  ///
  /// - Parameter secondsLeft: until the end of all epochs, if that can be said.
  public func text(_ report: BatchReport, secondsLeft: Double? = nil) -> String {
    let place = "epoch \(report.epoch)/\(report.epochs)"
    let batch = "\(report.batch)" + (report.batches.map { "/\($0)" } ?? "")
    var parts = [String(format: "loss %.4f", report.soFar.loss)]
    if let accuracy = report.soFar.accuracy { parts.append(String(format: "accuracy %.4f", accuracy)) }
    if let secondsLeft, secondsLeft.isFinite { parts.append("\(Self.clock(secondsLeft)) left") }
    func joined(_ bar: String?) -> String {
      ([place, bar, batch].compactMap(\.self) + parts).joined(separator: "  ")
    }
    while joined(nil).count > width, !parts.isEmpty { parts.removeLast() }
    let line = joined(nil)
    guard line.count <= width else { return String(line.prefix(width)) }
    let room = min(Self.longestBar, width - line.count - 2)
    guard let batches = report.batches, batches > 0, room >= Self.shortestBar else { return line }
    return joined(bar(Double(report.batch) / Double(batches), room))
  }

  private func bar(_ share: Double, _ room: Int) -> String {
    let full = Int(min(max(share, 0), 1) * Double(room))
    let (done, left) = (String(repeating: "█", count: full), String(repeating: "░", count: room - full))
    return isColored ? "\u{1B}[32m\(done)\u{1B}[0m\(left)" : done + left
  }

  /// 3:07, or 2:05:09 from an hour on.
  static func clock(_ seconds: Double) -> String {
    let total = Int(min(max(seconds, 0), 1e9).rounded(.up))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }

  /// The line for an epoch that is over; it is not cut.
  public func text(_ report: EpochReport) -> String {
    func text(_ evaluation: Evaluation) -> String {
      String(format: "loss %.4f", evaluation.loss)
        + (evaluation.accuracy.map { String(format: "  accuracy %.4f", $0) } ?? "")
    }
    return "epoch \(report.epoch)/\(report.epochs)  " + text(report.training)
      + (report.validation.map { "  validation " + text($0) } ?? "")
      + String(format: "  %.2f s", report.seconds)
  }
}
