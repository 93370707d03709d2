/// Something that happened in training, for whoever watches.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case batch(BatchReport)
  /// An epoch is over, and the model was evaluated.
  case epoch(EpochReport)
  /// The training was saved to the file at this path.
  case checkpoint(path: String)
}

/// Thrown by whoever watches a training, this ends it after the step at hand, without an error.
///
///     try trainer.fit(&model, to: training, epochs: 100) { event in
///       if case .epoch(let report) = event, report.training.loss < 0.01 { throw StopTraining() }
///     }
public struct StopTraining: Error {
  /// The wish to stop; it has nothing to set.
  public init() {}
}

/// The state of training after a step.
public struct BatchReport: Sendable {
  /// From 1.
  public let epoch: Int
  /// How many there will be.
  public let epochs: Int
  /// From 1, within the epoch.
  public let batch: Int
  /// Batches in an epoch; `nil` where only reading them tells.
  public let batches: Int?
  /// Steps taken, from 1, over all epochs.
  public let step: Int
  /// Loss and accuracy over the batches of this epoch so far, each before its own step.
  public let soFar: Evaluation

  package init(epoch: Int, epochs: Int, batch: Int, batches: Int?, step: Int, soFar: Evaluation) {
    (self.epoch, self.epochs, self.batch, self.batches) = (epoch, epochs, batch, batches)
    (self.step, self.soFar) = (step, soFar)
  }
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

  package init(
    epoch: Int, epochs: Int, training: Evaluation, validation: Evaluation?, seconds: Double
  ) {
    (self.epoch, self.epochs, self.training) = (epoch, epochs, training)
    (self.validation, self.seconds) = (validation, seconds)
  }
}
