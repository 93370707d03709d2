import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite(.onEveryBackend) struct NeuralCommandTests {
  private func train(_ more: String, to path: String) throws -> NeuralProcess {
    try NeuralProcess(
      "train", "mlp", "--data", "digits", "--hidden", "32", "--epochs", "6", "--batch-size", "16", "--json",
      "--optimizer", "sgd",
      "--backend", BLAS.backend.name, "--seed", more, "--out", path)
  }

  /// Key names are part of the interface.
  @Test func jsonKeysAreStable() throws {
    let folder = try TemporaryFolder()
    let line = try train("1", to: folder.path(of: "model.safetensors")).lines.first ?? ""
    for key in ["event", "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "seconds"] {
      #expect(line.contains("\"\(key)\":"), "\(line)")
    }
  }

  @Test func trainsEvaluatesAndPredicts() throws {
    let folder = try TemporaryFolder()
    let model = folder.path(of: "model.safetensors")
    let training = try train("1", to: model)
    #expect(training.status == 0, "\(training.errors)")

    struct Line: Decodable {
      let event: String
      let epoch: Int?
      let loss, accuracy, validationLoss, validationAccuracy: Double?
      let seconds: Double
      let model: String?
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let lines = try training.lines.map { try decoder.decode(Line.self, from: Data($0.utf8)) }
    #expect(lines.map(\.event) == Array(repeating: "epoch", count: 6) + ["end"])
    #expect(lines.compactMap(\.epoch) == [1, 2, 3, 4, 5, 6])
    #expect((lines[5].loss ?? 9) < (lines[0].loss ?? 0))
    #expect((lines[5].validationAccuracy ?? 0) > 0.9)
    #expect(lines.last?.model == model)

    let evaluation = try NeuralProcess(
      "evaluate", model, "--data", "digits", "--json", "--backend", BLAS.backend.name)
    let result = try JSONDecoder().decode(Evaluation.self, from: Data(evaluation.output.utf8))
    #expect(abs(Double(result.accuracy ?? 0) - (lines[5].validationAccuracy ?? -1)) < 1e-6)

    let (inputs, table) = (folder.path(of: "inputs.npy"), folder.path(of: "inputs.csv"))
    let test = Digits.load().test
    try NPY.write(test.inputs, to: inputs)
    try CSV.write(test.inputs, to: table)
    let (scores, text) = (folder.path(of: "scores.npy"), folder.path(of: "scores.csv"))
    #expect(try NeuralProcess("predict", model, "--input", inputs, "--output", scores).status == 0)
    #expect(try NeuralProcess("predict", model, "--input", table, "--output", text).status == 0)
    let answers = try NPY.read(scores)
    #expect(answers == (try CSV.read(text).values))
    guard case .labels(let labels, _) = test.targets else { return }
    let correct = zip(answers.highestPositions, labels).count { $0 == $1 }
    #expect(abs(Float(correct) / Float(test.count) - (result.accuracy ?? 0)) < 1e-6)
  }

  @Test func aConvolutionalNetworkComesBackFromItsFile() throws {
    let folder = try TemporaryFolder()
    let (model, inputs, scores) = (
      folder.path(of: "model"), folder.path(of: "inputs.npy"), folder.path(of: "scores.npy")
    )
    let training = try NeuralProcess(
      "train", "cnn", "--regularized", "--no-mirrored", "--shifted", "0", "--data", "digits", "--epochs", "4",
      "--batch-size", "32", "--json",
      "--backend", BLAS.backend.name, "--out", model)
    #expect(training.status == 0, "\(training.errors)")
    let evaluation = try NeuralProcess("evaluate", model, "--data", "digits", "--json")
    let result = try JSONDecoder().decode(Evaluation.self, from: Data(evaluation.output.utf8))
    #expect((result.accuracy ?? 0) > 0.9)
    try NPY.write(Digits.load().test.inputs, to: inputs)
    #expect(try NeuralProcess("predict", model, "--input", inputs, "--output", scores).status == 0)
    #expect(try NPY.read(scores).shape == [Digits.load().test.count, 10])
  }

  @Test func aPerceptronSaysWhetherItSeparates() throws {
    let run = try NeuralProcess("train", "perceptron", "--data", "digits", "--class", "0")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("separated: an epoch without a mistake"), "\(run.output)")
    let folder = try TemporaryFolder()
    let exclusive = try folder.file("xor.csv", "0,0,0\n0,1,1\n1,0,1\n1,1,0\n0,0,0\n")
    let never = try NeuralProcess(
      "train", "perceptron", "--data", exclusive, "--class", "1", "--epochs", "30")
    #expect(never.output.contains("not separated within 30 epochs"), "\(never.output)\(never.errors)")
    #expect(try NeuralProcess("train", "perceptron", "--class", "10").status != 0)
  }

  @Test func aLinearModelArrivesAtLeastSquares() throws {
    let folder = try TemporaryFolder()
    // y = 2a − b + 1, without noise.
    let rows = (0..<12).map { "\($0 % 4) \($0 % 3)\n\(2 * ($0 % 4) - $0 % 3 + 1)\n" }.joined()
    let data = try folder.file("plane.train", "12 2 1\n" + rows)
    let model = folder.path(of: "model")
    let run = try NeuralProcess(
      "train", "linear-regression", "--data", data, "--test-data", data, "--quiet", "--epochs", "1000",
      "--out", model)
    #expect(run.status == 0, "\(run.errors)")
    let weights = try Safetensors(contentsOf: model)
    expectClose(weights["output.weight"]?.array ?? [], [2, -1], tolerance: 1e-3)
    expectClose(weights["output.bias"]?.array ?? [], [1], tolerance: 1e-3)
  }

  @Test func theSameSeedWritesTheSameBytes() throws {
    let folder = try TemporaryFolder()
    let paths = ["a", "b", "c"].map { folder.path(of: $0) }
    for (path, seed) in zip(paths, ["3", "3", "4"]) { #expect(try train(seed, to: path).status == 0) }
    let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(files[0] == files[1])
    #expect(files[0] != files[2])
  }

  @Test func badInputIsOneLineAndLeavesGoodFilesAlone() throws {
    let folder = try TemporaryFolder()
    let kept = try folder.file("kept.safetensors", "precious")
    let ragged = try folder.file("ragged.csv", "1,2,0\n3,4\n")
    let words = try folder.file("words.csv", "1,2,0\n3,x,1\n")
    let cut = try folder.file("cut.idx", "\0\0\u{8}\u{3}")
    let labels = try folder.file("cut-labels.idx", "\0\0\u{8}\u{1}")
    let calls: [([String], String)] = [
      (["train", "mlp", "--data", ragged, "--out", kept], "line 2"),
      (["train", "mlp", "--data", words, "--out", kept], "line 2, column 2"),
      (["train", "mlp", "--data", cut, "--labels", labels, "--out", kept], "cut.idx"),
      (["train", "mlp", "--data", folder.path(of: "absent.csv"), "--out", kept], "absent.csv"),
      (["train", "mlp", "--out", folder.path(of: "absent/model.safetensors")], "absent"),
      (
        ["train", "mlp", "--data", "digits", "--learning-rate", "1e30", "--epochs", "1", "--out", kept],
        "loss became"
      ),
      (["evaluate", kept], "kept.safetensors"),
      (["predict", folder.path(of: "absent.safetensors"), "--input", ragged], "absent.safetensors"),
    ]
    for (arguments, reason) in calls {
      let call = try NeuralProcess(arguments)
      #expect(call.status != 0, "\(arguments)")
      #expect(call.errors.split(separator: "\n").count == 1, "\(arguments): \(call.errors)")
      #expect(call.errors.contains(reason), "\(call.errors)")
    }
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "precious")
  }

  @Test func aModelRefusesOtherInputs() throws {
    let folder = try TemporaryFolder()
    let model = folder.path(of: "model.safetensors")
    #expect(try train("1", to: model).status == 0)
    let narrow = try folder.file("narrow.csv", "1,2,3\n")
    let call = try NeuralProcess("predict", model, "--input", narrow)
    #expect(call.status != 0)
    #expect(call.errors == "Error: hidden1: Dense(64 → 32, relu) expects [64] for an example, got [3]\n")
  }

  @Test func aWrongOptionIsRefused() throws {
    #expect(try NeuralProcess("train", "mlp", "--backend", "abacus").errors.contains("abacus"))
    #expect(try NeuralProcess("train", "mlp", "--epochs", "0").status != 0)
    #expect(try NeuralProcess("train", "mlp", "--hidden", "a,b").errors.contains("a,b"))
    let largest = "\(Int.max)"
    for call in [
      ["train", "mlp", "--epochs", largest], ["train", "mlp", "--accumulate", largest],
      ["train", "mlp", "--batch-size", largest], ["train", "lstm-text", "--length", largest],
      ["train", "embedding", "--window", largest], ["train", "embedding", "--negatives", largest],
      ["train", "cnn", "--shifted", largest], ["train", "cnn", "--shifted=-3"],
      ["train", "gan", "--count", largest], ["pronounce", "--beam", largest, "word"],
      ["train", "cnn", "--dropout", "0.5"], ["train", "gan", "--data", "ring", "--width", "4"],
      ["train", "gan", "--data", "fashion-mnist", "--hidden", "4"],
      ["train", "lstm", "--early-stopping", "2"],
      ["train", "mlp", "--data", "digits", "--optimizer", "sgd", "--mean-decay", "0.5"],
      ["score", "model", "--images", "a.npy", "--data", "digits"],
      ["train", "mlp", "--data", "a.csv", "--install"],
    ] {
      let run = try NeuralProcess(call)
      #expect(run.status != 0 && run.errors.hasPrefix("Error: --"), "\(call): \(run.errors)")
    }
  }

  /// The first epoch's line up to its seconds.
  private func firstEpoch(_ more: String...) throws -> Substring? {
    let run = try NeuralProcess(
      ["train", "mlp", "--data", "digits", "--hidden", "16", "--epochs", "1", "--json"] + more)
    #expect(run.status == 0, "\(run.errors)")
    return run.lines.first?.split(separator: "\"seconds\"").first
  }

  @Test func theRecipesOwnOptimizerByNameChangesNothing() throws {
    #expect(try firstEpoch() == firstEpoch("--optimizer", "adamw"))
    #expect(try firstEpoch() != firstEpoch("--optimizer", "adam"))
  }

  /// Where losses decide when to stop, they are of examples apart from those of the test.
  @Test func theTestDoesNotSteerTheTraining() throws {
    let run = try NeuralProcess(
      "train", "mlp", "--data", "digits", "--hidden", "16", "--epochs", "2", "--early-stopping", "1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try #require(run.lines.last).hasPrefix("test  loss "), "\(run.output)")
  }

  @Test func aLastBatchOfOneIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<9).map { "\($0),\($0 % 3),\($0 % 2)\n" }.joined()
    let run = try NeuralProcess(
      "train", "deep", "--data", try folder.file("a.csv", rows), "--depth", "1", "--epochs", "2",
      "--batch-size",
      "7")
    #expect(run.status == 0, "\(run.errors)")
  }
}
