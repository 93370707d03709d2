import Foundation
import NeuralNetworks

/// Shows training as it goes: a line that renews itself on a terminal, plain lines elsewhere, JSON for machines.
final class TrainingReport {
  private let json: Bool
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private let examples: Int
  private var epochStart = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?

  init(json: Bool, examples: Int) {
    self.json = json
    self.examples = examples
  }

  func show(_ event: TrainingEvent) throws {
    switch event {
    case .batch(let report): if isTerminal, !json { showProgress(report) }
    case .epoch(let report):
      if json {
        try printJSON(EpochLine(report))
      } else {
        clearLine()
        print(text(report))
      }
      epochStart = .now
      fflush(nil)
    }
  }

  func end(model: String?, history: [EpochReport], seconds: Double, backend: String) {
    if json {
      try? printJSON(EndLine(model: model, epochs: history.count, seconds: seconds, backend: backend))
    } else if let model {
      print("saved \(model)")
    }
  }

  /// At most ten times a second: writing to a terminal takes longer than a small step.
  private func showProgress(_ report: BatchReport) {
    let now = ContinuousClock.now
    if let lastShown, lastShown.duration(to: now) < .milliseconds(100), report.batch < report.batches {
      return
    }
    lastShown = now
    let elapsed = max(epochStart.duration(to: now) / .seconds(1), 1e-9)
    let share = Double(report.batch) / Double(report.batches)
    let rate = share * Double(examples) / elapsed
    let left = elapsed / share - elapsed
    let accuracy = report.soFar.accuracy.map { String(format: "  accuracy %.4f", $0) } ?? ""
    clearLine()
    print(
      "epoch \(report.epoch)  batch \(report.batch)/\(report.batches)"
        + String(format: "  loss %.4f", report.soFar.loss) + accuracy
        + String(format: "  %.0f examples/s  %.0f s left", rate, left.rounded(.up)), terminator: "")
    fflush(nil)
  }

  private func clearLine() {
    if isTerminal { print("\r\u{1B}[K", terminator: "") }
  }

  private func text(_ report: EpochReport) -> String {
    func text(_ evaluation: Evaluation) -> String {
      String(format: "loss %.4f", evaluation.loss)
        + (evaluation.accuracy.map { String(format: "  accuracy %.4f", $0) } ?? "")
    }
    return "epoch \(report.epoch)/\(report.epochs)  " + text(report.training)
      + (report.validation.map { "  validation " + text($0) } ?? "")
      + String(format: "  %.2f s", report.seconds)
  }
}

/// An epoch as one JSON object.
private struct EpochLine: Encodable {
  let event = "epoch"
  let epoch: Int
  let loss: Float
  let accuracy: Float?
  let validationLoss: Float?
  let validationAccuracy: Float?
  let seconds: Double

  init(_ report: EpochReport) {
    epoch = report.epoch
    (loss, accuracy) = (report.training.loss, report.training.accuracy)
    (validationLoss, validationAccuracy) = (report.validation?.loss, report.validation?.accuracy)
    seconds = report.seconds
  }
}

/// The end of training as one JSON object.
private struct EndLine: Encodable {
  let event = "end"
  let model: String?
  let epochs: Int
  let seconds: Double
  let backend: String
}

/// Prints a value as JSON on one line.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
