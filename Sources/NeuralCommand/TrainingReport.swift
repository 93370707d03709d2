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
    case .batch(let report): if isTerminal, !json { try showProgress(report) }
    case .epoch(let report):
      if json {
        try StandardOutput.print(json: EpochLine(report))
      } else {
        try StandardOutput.print(clearing + text(report))
      }
      epochStart = .now
    }
  }

  func end(model: String?, history: [EpochReport], seconds: Double, backend: String) throws {
    if json {
      try StandardOutput.print(
        json: EndLine(model: model, epochs: history.count, seconds: seconds, backend: backend))
    } else if let model {
      try StandardOutput.print("saved \(model)")
    }
  }

  /// At most ten times a second: writing to a terminal takes longer than a small step.
  private func showProgress(_ report: BatchReport) throws {
    let now = ContinuousClock.now
    if let lastShown, lastShown.duration(to: now) < .milliseconds(100), report.batch < report.batches {
      return
    }
    lastShown = now
    let elapsed = max(epochStart.duration(to: now) / .seconds(1), 1e-9)
    let share = Double(report.batch) / Double(report.batches)
    let rate = share * Double(examples) / elapsed
    let left = elapsed / share * (Double(report.epochs - report.epoch + 1) - share)
    let accuracy = report.soFar.accuracy.map { String(format: "  accuracy %.4f", $0) } ?? ""
    try StandardOutput.print(
      clearing + "epoch \(report.epoch)/\(report.epochs)  batch \(report.batch)/\(report.batches)"
        + String(format: "  loss %.4f", report.soFar.loss) + accuracy
        + String(format: "  %.0f examples/s  %.0f s left", rate, left.rounded(.up)), terminator: "")
  }

  /// What takes away a line that is to be renewed.
  private var clearing: String { isTerminal ? "\r\u{1B}[K" : "" }

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

/// An epoch as one JSON object; what there is not is `null`.
private struct EpochLine: Encodable {
  let report: EpochReport

  init(_ report: EpochReport) { self.report = report }

  private enum CodingKeys: CodingKey {
    case event, epoch, loss, accuracy, validationLoss, validationAccuracy, seconds
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode("epoch", forKey: .event)
    try object.encode(report.epoch, forKey: .epoch)
    try object.encode(report.training.loss, forKey: .loss)
    try object.encode(report.training.accuracy, forKey: .accuracy)
    try object.encode(report.validation?.loss, forKey: .validationLoss)
    try object.encode(report.validation?.accuracy, forKey: .validationAccuracy)
    try object.encode(report.seconds, forKey: .seconds)
  }
}

/// The end of training as one JSON object.
private struct EndLine: Encodable {
  let model: String?
  let epochs: Int
  let seconds: Double
  let backend: String

  private enum CodingKeys: CodingKey { case event, model, epochs, seconds, backend }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode("end", forKey: .event)
    try object.encode(model, forKey: .model)
    try object.encode(epochs, forKey: .epochs)
    try object.encode(seconds, forKey: .seconds)
    try object.encode(backend, forKey: .backend)
  }
}
