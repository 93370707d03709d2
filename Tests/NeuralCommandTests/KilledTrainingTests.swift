import Foundation
import NeuralNetworks
import TestSupport
import Testing

/// Trainings in processes of their own that end before their time, and go on as if they had not.
@Suite(.onEveryBackend, .serialized) struct KilledTrainingTests {
  private func arguments(epochs: Int, out: String, folder: String? = nil, every steps: Int = 1) -> [String] {
    var arguments = [
      "train", "mlp", "--data", "digits", "--hidden", "8", "--epochs", "\(epochs)", "--batch-size", "32",
      "--optimizer", "adamw", "--learning-rate", "3e-3", "--weight-decay", "0.01", "--schedule", "cosine",
      "--warmup", "20", "--clip", "1", "--early-stopping", "50", "--quiet", "--threads", "1", "--backend",
      BLAS.backend.name, "--out", out,
    ]
    if let folder {
      arguments += ["--checkpoint", folder, "--checkpoint-every", "\(steps)", "--resume"]
    }
    return arguments
  }

  /// Fifty kills at random moments of a training that saves after every step, so that most fall into the writing.
  @Test func killedFiftyTimesItEndsInTheSameBits() throws {
    let folder = try TemporaryFolder()
    let (whole, resumed, run) = (folder.path(of: "whole"), folder.path(of: "resumed"), folder.path(of: "run"))
    let epochs = 60
    #expect(try NeuralProcess(arguments(epochs: epochs, out: whole)).status == 0)
    var kills = 0
    while kills < 50 {
      let process = try RunningCommand("neural", arguments(epochs: epochs, out: resumed, folder: run))
      // From before the first step to some dozens of steps later.
      Thread.sleep(forTimeInterval: Double.random(in: 0.005...0.12))
      if process.isRunning {
        process.kill(SIGKILL)
        kills += 1
      } else {
        // On a fast disk a training ends between the kills; another one begins.
        #expect(try process.wait().status == 0)
        #expect(try bytes(of: resumed) == bytes(of: whole))
        try FileManager.default.removeItem(atPath: run)
      }
    }
    let last = try NeuralProcess(arguments(epochs: epochs, out: resumed, folder: run))
    #expect(last.status == 0, "\(last.errors)")
    #expect(try bytes(of: resumed) == bytes(of: whole))
    let left = try FileManager.default.contentsOfDirectory(atPath: run)
    #expect(left.allSatisfy { $0.hasPrefix("step-") }, "\(left)")
  }

  @Test func anInterruptFinishesTheStepSavesAndStops() throws {
    let folder = try TemporaryFolder()
    let (whole, resumed, run) = (folder.path(of: "whole"), folder.path(of: "resumed"), folder.path(of: "run"))
    // Long enough for the signal to come in time on a busy machine.
    let epochs = 200
    #expect(try NeuralProcess(arguments(epochs: epochs, out: whole)).status == 0)
    let process = try RunningCommand(
      "neural", arguments(epochs: epochs, out: folder.path(of: "half"), folder: run, every: 50))
    while process.isRunning, (try? FileManager.default.contentsOfDirectory(atPath: run))?.isEmpty ?? true {
      Thread.sleep(forTimeInterval: 0.001)
    }
    process.kill(SIGINT)
    let end = try process.wait()
    #expect(end.status == 1)
    #expect(end.errors.contains("interrupted; go on from \(run)/step-"), "\(end.errors)")
    let again = try NeuralProcess(arguments(epochs: epochs, out: resumed, folder: run, every: 50))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try bytes(of: resumed) == bytes(of: whole))
  }

  /// A limit on the size of files stops the writing as a full disk does.
  @Test func aFullDiskIsOneLineAndLeavesTheLastCheckpoint() throws {
    let folder = try TemporaryFolder()
    let (out, run) = (folder.path(of: "out"), folder.path(of: "run"))
    #expect(try NeuralProcess(arguments(epochs: 1, out: out, folder: run)).status == 0)
    let saved = try FileManager.default.contentsOfDirectory(atPath: run)
    let full = try RunningCommand(
      "neural", arguments(epochs: 2, out: out, folder: run), through: "trap '' XFSZ; ulimit -f 4")
    let end = try full.wait()
    #expect(end.status == 1)
    #expect(end.errors.split(separator: "\n").count == 1, "\(end.errors)")
    #expect(end.errors.contains("file too large"), "\(end.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run) == saved)
    #expect(try NeuralProcess(arguments(epochs: 2, out: out, folder: run)).status == 0)
  }

  @Test func aFolderThatCannotBeIsOneLine() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file", "not a folder")
    for path in [file + "/run", "/proc/run"] {
      let run = try NeuralProcess(arguments(epochs: 1, out: folder.path(of: "out"), folder: path))
      #expect(run.status == 1)
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.errors.contains("there can be no folder for checkpoints here"), "\(run.errors)")
    }
  }

  /// Neither bars nor escape sequences where standard error is a file; nothing at all when told so.
  @Test func progressKeepsToTerminals() throws {
    let folder = try TemporaryFolder()
    var arguments = arguments(epochs: 2, out: folder.path(of: "out"))
    let silent = try NeuralProcess(arguments)
    #expect(silent.output.isEmpty && silent.errors.isEmpty)
    arguments.removeAll { $0 == "--quiet" }
    let shown = try NeuralProcess(arguments)
    #expect(shown.errors.isEmpty)
    #expect(!shown.output.contains("\u{1B}") && !shown.output.contains("\r"))
    #expect(shown.lines.count { $0.hasPrefix("epoch ") } == 2)
  }
}
