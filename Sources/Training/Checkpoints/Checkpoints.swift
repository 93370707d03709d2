/// Where and when a training is saved, so that it can go on after whatever ends it.
///
///     trainer.checkpoints = Checkpoints(in: "run", every: .steps(1000), keepsBest: 3, resumes: true)
///
/// A checkpoint is written after each epoch and whenever it is due, as a file `step-….safetensors` that is there as a
/// whole or not at all; the one before it goes only after that. Of older ones the best stay.
public struct Checkpoints: Sendable, Hashable {
  /// How often, beside each epoch's end.
  public enum Interval: Sendable, Hashable {
    /// At the end of epochs alone.
    case epochs
    /// After every so many steps, at least 1.
    case steps(Int)
    /// After the first step that ends so many minutes after the last checkpoint.
    case minutes(Double)
  }

  /// The folder, made if it is missing; for this training alone.
  public var folder: String

  /// How often.
  public var interval: Interval

  /// How many of the best epochs' checkpoints stay beside the newest: those of least loss or highest accuracy, as early
  /// stopping measures it.
  public var keepsBest: Int

  /// Whether a training goes on from the newest checkpoint in the folder, if there is one. Otherwise it must have none.
  public var resumes: Bool

  /// Checkpoints in a folder.
  public init(
    in folder: String, every interval: Interval = .epochs, keepsBest: Int = 1, resumes: Bool = false
  ) {
    self.folder = folder
    self.interval = interval
    self.keepsBest = max(0, keepsBest)
    self.resumes = resumes
  }
}
