import Foundation
import NeuralNetworks

/// Shows training as it goes: for people as ``TerminalProgress`` does, or a JSON object a line for machines; or not at all.
final class TrainingReport {
  /// How much is shown.
  enum Style {
    case progress, json, silent
  }

  let style: Style
  private var progress = TerminalProgress()

  /// The last checkpoint written.
  private(set) var checkpoint: String?

  init(_ style: Style) { self.style = style }

  func show(_ event: TrainingEvent) throws {
    if case .checkpoint(let path) = event { checkpoint = path }
    switch (style, event) {
    case (.progress, _): try progress.show(event)
    case (.json, .epoch(let report)): try StandardOutput.print(json: EpochLine(report))
    default: break
    }
    if Interruption.isRequested { throw StopTraining() }
  }

  func end(model: String?, history: [EpochReport], seconds: Double, backend: String) throws {
    progress.clear()
    switch style {
    case .json:
      try StandardOutput.print(
        json: EndLine(model: model, epochs: history.count, seconds: seconds, backend: backend))
    case .progress: if let model { try StandardOutput.print("saved \(model)") }
    case .silent: break
    }
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
