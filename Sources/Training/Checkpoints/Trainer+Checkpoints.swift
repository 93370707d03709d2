import Interchange
import Layers
import Tensors

extension Trainer {
  /// Writes a checkpoint, if the training has a place for them.
  func save(
    _ model: some Module, _ run: TrainingRun, _ store: inout CheckpointStore?,
    _ report: (TrainingEvent) throws -> Void
  ) throws {
    let state = run.state
    let measure = earlyStopping ?? EarlyStopping(patience: 0)
    let value = state.batch == 0 ? state.history.last.map(measure.value) : nil
    let path = try store?.write(step: state.step, value: value) { saved in
      Checkpoint(
        model: Dictionary(uniqueKeysWithValues: model.state.map { ($0.path, $0.value) }),
        optimizer: optimizer.state, average: average?.state ?? OptimizerState(), best: run.best, state: state,
        rule: optimizer.kind, architecture: model.architecture, schedule: schedule.state, saved: saved)
    }
    if let path { try report(.checkpoint(path: path)) }
  }

  /// Goes on from a checkpoint: model, optimizer, schedule, average and place become those saved.
  ///
  /// - Throws: ``FileError`` if the checkpoint is of another training.
  mutating func resume(
    _ model: inout some Module, _ run: inout TrainingRun, from checkpoint: (Checkpoint, path: String)
  ) throws {
    let (checkpoint, path) = checkpoint
    func refuse(_ reason: String) -> FileError {
      FileError(path: path, reason: "is of another training: \(reason)")
    }
    let (own, saved) = (run.state, checkpoint.state)
    guard saved.seed == own.seed else { throw refuse("its seed is \(saved.seed), not \(own.seed)") }
    guard saved.batchesPerEpoch == own.batchesPerEpoch, saved.batchesPerStep == own.batchesPerStep else {
      func text(_ state: TrainingState) -> String {
        "\(state.batchesPerEpoch.map(String.init) ?? "any number of") batches an epoch, \(state.batchesPerStep) a step"
      }
      throw refuse("it has \(text(saved)), not \(text(own))")
    }
    guard checkpoint.rule == optimizer.kind else {
      throw refuse("its optimizer is \(checkpoint.rule), not \(optimizer.kind)")
    }
    do {
      var restored = self
      try restored.optimizer.restore(checkpoint.optimizer)
      try restored.schedule.restore(checkpoint.schedule)
      restored.average?.restore(checkpoint.average)
      try model.restore(checkpoint.model)
      self = restored
    } catch let error as StateError {
      throw refuse(error.description)
    } catch let error as StateMismatch {
      throw refuse("its model has another architecture: \(error)")
    }
    run.state = saved
    run.best = checkpoint.best
  }
}
