/// Something that happened in training, for whoever watches.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case batch(BatchReport)
  /// An epoch is over, and the model was evaluated.
  case epoch(EpochReport)
}

/// The state of training after a step.
public struct BatchReport: Sendable {
  /// From 1.
  public let epoch: Int
  /// How many there will be.
  public let epochs: Int
  /// From 1, within the epoch.
  public let batch: Int
  /// Batches in an epoch.
  public let batches: Int
  /// Loss and accuracy over the batches of this epoch so far, each before its own step.
  public let soFar: Evaluation
}

/// The state of training after an epoch.
public struct EpochReport: Sendable, Hashable, Codable {
  /// From 1.
  public let epoch: Int
  /// How many there will be.
  public let epochs: Int
  /// Loss and accuracy over the epoch's batches, each before its own step.
  public let training: Evaluation
  /// Loss and accuracy on the validation examples after the epoch.
  public let validation: Evaluation?
  /// Wall-clock time of the epoch's training, evaluation not included.
  public let seconds: Double
}
