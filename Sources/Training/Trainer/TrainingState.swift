import Tensors

/// Where a training stands: with the tensors, all that it takes to go on.
public struct TrainingState: Sendable, Hashable, Codable {
  /// Of the order of batches and the randomness of layers.
  public let seed: UInt64

  /// The batches of an epoch, where that is known.
  public let batchesPerEpoch: Int?

  /// The batches of a step.
  public let batchesPerStep: Int

  /// Epochs that are over.
  public internal(set) var epoch = 0

  /// Batches of the epoch at hand that are learnt from.
  public internal(set) var batch = 0

  /// Steps taken in all.
  public internal(set) var step = 0

  /// Seconds that the epoch at hand has taken.
  var seconds = 0.0

  /// Loss and accuracy over the batches of the epoch at hand.
  var running = RunningEvaluation()

  /// The epochs that are over.
  public internal(set) var history: [EpochReport] = []

  /// The best that early stopping has seen, and the epochs since.
  var bestValue: Float?
  var epochsWithoutImprovement = 0

  init(seed: UInt64, batchesPerEpoch: Int?, batchesPerStep: Int) {
    (self.seed, self.batchesPerEpoch, self.batchesPerStep) = (seed, batchesPerEpoch, batchesPerStep)
  }

  /// The seed of the next batch's pass.
  var passSeed: UInt64 {
    var random = RandomSource(seed: seed, at: epoch, batch)
    return random.next()
  }

  /// Begins the next epoch; whether the one that is over was the best so far.
  mutating func finishEpoch(_ report: EpochReport, _ stopping: EarlyStopping?) -> Bool {
    history.append(report)
    (epoch, batch, seconds, running) = (epoch + 1, 0, 0, RunningEvaluation())
    guard let stopping else { return false }
    let value = stopping.value(of: report)
    guard bestValue.map({ value < $0 - stopping.leastImprovement }) ?? true else {
      epochsWithoutImprovement += 1
      return false
    }
    (bestValue, epochsWithoutImprovement) = (value, 0)
    return true
  }
}

/// A training under way.
struct TrainingRun {
  var state: TrainingState

  /// The parameters and buffers of the best epoch, where early stopping is to restore them.
  var best: [String: Tensor]?

  /// The steps planned.
  let stepCount: Int

  /// The epochs planned.
  let epochs: Int

  /// The optimizer's own learning rate, which the schedule's factor is of.
  let learningRate: Float

  var batchReport: BatchReport {
    BatchReport(
      epoch: state.epoch + 1, epochs: epochs, batch: state.batch, batches: state.batchesPerEpoch,
      step: state.step, soFar: state.running.result)
  }
}
