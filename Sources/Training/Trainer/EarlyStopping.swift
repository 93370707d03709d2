/// When a training stops before all its epochs are over: when it no longer gets better.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// What is watched.
  public enum Measure: String, Sendable, Hashable, Codable, CaseIterable {
    /// The validation loss, or without validation the training loss: less is better.
    case loss
    /// The validation accuracy, or without validation that of training: more is better.
    case accuracy
  }

  /// The epochs without improvement that are borne.
  public let patience: Int

  /// What is watched.
  public let measure: Measure

  /// An improvement is one by more than this.
  public let leastImprovement: Float

  /// Whether the model ends as it was after the best epoch; otherwise as after the last.
  public let restoresBest: Bool

  /// Stops after more than `patience` epochs in a row without improvement.
  public init(
    patience: Int, measure: Measure = .loss, leastImprovement: Float = 0, restoresBest: Bool = true
  ) {
    self.patience = max(0, patience)
    self.measure = measure
    self.leastImprovement = leastImprovement
    self.restoresBest = restoresBest
  }

  /// What is watched of an epoch, as a number that is to become small.
  package func value(of report: EpochReport) -> Float {
    let evaluation = report.validation ?? report.training
    switch measure {
    case .loss: return evaluation.loss
    case .accuracy: return evaluation.accuracy.map { -$0 } ?? evaluation.loss
    }
  }
}
