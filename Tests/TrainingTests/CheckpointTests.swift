import Foundation
import Interchange
import Layers
import Operations
import Tensors
import TestSupport
import Testing
import Training

/// A training with everything that has a state: running statistics, dropout, an optimizer with memory, an average, a
/// schedule that watches the loss, early stopping.
@Suite(.onEveryBackend) struct CheckpointTests {
  private let data = Digits.load()

  private func model(outputs: Int = 10) throws -> Sequential {
    try Sequential(input: [64], seed: 1) {
      Dense(outputs: 12, activation: .relu)
      BatchNorm()
      Dropout(0.2)
      Dense(outputs: outputs)
    }
  }

  private func trainer(_ folder: String? = nil, every interval: Checkpoints.Interval = .steps(3)) -> Trainer<
    Adam
  > {
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.01))
    trainer.schedule = LinearWarmup(steps: 4, then: ReduceOnPlateau(reduction: 0.5, patience: 0))
    trainer.clipping = .norm(1)
    trainer.batchesPerStep = 2
    trainer.average = MovingAverage(decay: 0.9)
    trainer.earlyStopping = EarlyStopping(patience: 3)
    trainer.checkpoints = folder.map { Checkpoints(in: $0, every: interval, keepsBest: 2, resumes: true) }
    return trainer
  }

  private struct Ended: Error {}

  private func fit(
    _ model: inout Sequential, _ trainer: inout Trainer<Adam>, epochs: Int = 3,
    report: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> [EpochReport] {
    let training = data.training.split(first: 320).first
    return try trainer.fit(
      &model, to: training, validation: data.test, epochs: epochs, batchSize: 30, seed: 5, report: report)
  }

  @Test func aTrainingThatEndsAnywhereGoesOnBitForBit() throws {
    var (whole, trainer) = (try model(), trainer())
    let history = try fit(&whole, &trainer)
    let folder = try TemporaryFolder()
    var resumed = try model()
    var last = self.trainer()
    var ends = 0
    // Each run ends, as if it were killed, five steps after it began: two beyond its last checkpoint.
    while true {
      (resumed, last) = (try model(), self.trainer(folder.path))
      var steps = 0
      do {
        let again = try fit(&resumed, &last) { event in
          guard case .batch = event else { return }
          steps += 1
          if steps == 5 { throw Ended() }
        }
        #expect(again.map(\.training) == history.map(\.training))
        #expect(again.map(\.validation) == history.map(\.validation))
        break
      } catch is Ended {
        ends += 1
        try #require(ends < 20)
      }
    }
    #expect(ends > 3)
    #expect(resumed.state.map(\.value) == whole.state.map(\.value))
    #expect(last.optimizer.state == trainer.optimizer.state)
    #expect(last.average?.state == trainer.average?.state)
    #expect(last.schedule.state == trainer.schedule.state)
  }

  @Test func aCheckpointIsTheModelsFileToo() throws {
    let folder = try TemporaryFolder()
    var (model, trainer) = (try model(), trainer(folder.path, every: .epochs))
    trainer.earlyStopping = nil
    _ = try fit(&model, &trainer, epochs: 1)
    let name = try #require(try folder.names.last)
    #expect(name == "step-000000000006.safetensors")
    var loaded = try self.model()
    try loaded.load(from: folder.path(of: name))
    #expect(loaded.state.map(\.value) == model.state.map(\.value))
    let checkpoint = try Checkpoint(contentsOf: folder.path(of: name))
    #expect(checkpoint.state.epoch == 1)
    #expect(checkpoint.state.step == 6)
    #expect(checkpoint.rule == "Adam")
    let copy = folder.path(of: "copy")
    try checkpoint.write(to: copy)
    #expect(try bytes(of: copy) == bytes(of: folder.path(of: name)))
  }

  @Test func theNewestAndTheBestStay() throws {
    let folder = try TemporaryFolder()
    var (model, trainer) = (try model(), trainer(folder.path, every: .steps(1)))
    trainer.earlyStopping = nil
    let history = try fit(&model, &trainer, epochs: 5)
    let best = history.enumerated().sorted {
      ($0.element.validation?.loss ?? 0) < ($1.element.validation?.loss ?? 0)
    }
    let steps = Set(best.prefix(2).map { ($0.offset + 1) * 6 } + [30])
    #expect(try folder.names == steps.sorted().map { String(format: "step-%012d.safetensors", $0) })
  }

  @Test func minutesAreMeasuredFromTheLastCheckpoint() throws {
    for (minutes, count) in [(0, 7), (1000, 1)] as [(Double, Int)] {
      let folder = try TemporaryFolder()
      var (model, trainer) = (try model(), trainer(folder.path, every: .minutes(minutes)))
      var written = 0
      _ = try fit(&model, &trainer, epochs: 1) { event in
        if case .checkpoint = event { written += 1 }
      }
      // After each of six steps and the epoch, or after the epoch alone.
      #expect(written == count)
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let folder = try TemporaryFolder()
    var (model, trainer) = (try model(), trainer(folder.path))
    _ = try fit(&model, &trainer, epochs: 1)
    let names = try folder.names
    func refused(_ words: String, _ run: () throws -> Void) {
      let text = message(run)
      #expect(text.contains(words), "\(text)")
    }
    refused("architecture") {
      var other = try self.model(outputs: 11)
      var trainer = self.trainer(folder.path)
      _ = try fit(&other, &trainer)
    }
    refused("seed") {
      var (model, trainer) = (try self.model(), self.trainer(folder.path))
      try trainer.fit(
        &model, to: data.training.split(first: 320).first, epochs: 2, batchSize: 30, seed: 6)
    }
    refused("batches an epoch") {
      var (model, trainer) = (try self.model(), self.trainer(folder.path))
      try trainer.fit(&model, to: data.training, epochs: 2, batchSize: 30, seed: 5)
    }
    refused("optimizer is Adam") {
      var other = Trainer(loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1))
      other.checkpoints = trainer.checkpoints
      other.batchesPerStep = 2
      var model = try self.model()
      try other.fit(&model, to: data.training.split(first: 320).first, epochs: 2, batchSize: 30, seed: 5)
    }
    refused("resume it, or choose another folder") {
      var (model, trainer) = (try self.model(), self.trainer(folder.path))
      trainer.checkpoints?.resumes = false
      _ = try fit(&model, &trainer)
    }
    refused("there can be no folder") {
      var (model, trainer) = (try self.model(), self.trainer(folder.path(of: names[0])))
      _ = try fit(&model, &trainer)
    }
    #expect(try folder.names == names)
  }

  @Test func laterVersionsAndPlainModelsAreRefused() throws {
    let folder = try TemporaryFolder()
    var (model, trainer) = (try model(), trainer(folder.path))
    _ = try fit(&model, &trainer, epochs: 1)
    let path = folder.path(of: try #require(try folder.names.first))
    var file = try Safetensors(contentsOf: path)
    file.metadata["checkpoint-version"] = "2"
    let later = folder.path(of: "later")
    try file.write(to: later)
    #expect(message { _ = try Checkpoint(contentsOf: later) }.contains("version 2"))
    let plain = folder.path(of: "plain")
    try model.save(to: plain)
    #expect(message { _ = try Checkpoint(contentsOf: plain) }.contains("holds no training"))
  }

  /// Bit flips, truncations and lying lengths: an error or a checkpoint, never a crash.
  @Test func mutatedFilesAreAnErrorOrACheckpoint() throws {
    let folder = try TemporaryFolder()
    var small = try Sequential(input: [64], seed: 1) { Dense(outputs: 10) }
    var trainer = trainer(folder.path, every: .epochs)
    _ = try fit(&small, &trainer, epochs: 1)
    let original = try bytes(of: folder.path(of: try #require(try folder.names.first)))
    try withMutations(of: original, count: 20_000, "CheckpointTests") { mutated in
      let path = try folder.file("mutated", mutated)
      do {
        let checkpoint = try Checkpoint(contentsOf: path)
        #expect(checkpoint.state.step >= 0)
      } catch is FileError {}
    }
  }

  @Test func aDamagedCheckpointIsNamed() throws {
    let folder = try TemporaryFolder()
    var (model, trainer) = (try model(), trainer(folder.path))
    _ = try fit(&model, &trainer, epochs: 1)
    let name = try #require(try folder.names.last)
    let path = try folder.file(name, try bytes(of: folder.path(of: name)).dropLast())
    var (again, resuming) = (try self.model(), self.trainer(folder.path))
    #expect(message { _ = try fit(&again, &resuming) }.hasPrefix(path))
  }
}
