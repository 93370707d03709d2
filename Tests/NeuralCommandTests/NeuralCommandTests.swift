import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite(.onEveryBackend) struct NeuralCommandTests {
  private let folder = TemporaryFolder()

  private func train(_ more: String, to path: String) throws -> NeuralProcess {
    try NeuralProcess(
      "train", "mlp", "--data", "digits", "--hidden", "32", "--epochs", "6", "--batch-size", "16", "--json",
      "--backend", BLAS.backend.name, "--seed", more, "--out", path)
  }

  /// Key names are part of the interface.
  @Test func jsonKeysAreStable() throws {
    let line = try train("1", to: folder.path("model.safetensors")).lines.first ?? ""
    for key in ["event", "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "seconds"] {
      #expect(line.contains("\"\(key)\":"), "\(line)")
    }
  }

  @Test func trainsEvaluatesAndPredicts() throws {
    let model = folder.path("model.safetensors")
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

    let (inputs, table) = (folder.path("inputs.npy"), folder.path("inputs.csv"))
    let test = Digits.load().test
    try NPY.write(test.inputs, to: inputs)
    try CSV.write(test.inputs, to: table)
    let (scores, text) = (folder.path("scores.npy"), folder.path("scores.csv"))
    #expect(try NeuralProcess("predict", model, "--input", inputs, "--output", scores).status == 0)
    #expect(try NeuralProcess("predict", model, "--input", table, "--output", text).status == 0)
    let answers = try NPY.read(scores)
    #expect(answers == (try CSV.read(text).values))
    guard case .labels(let labels, _) = test.targets else { return }
    let correct = zip(answers.highestPositions, labels).count { $0 == $1 }
    #expect(abs(Float(correct) / Float(test.count) - (result.accuracy ?? 0)) < 1e-6)
  }

  @Test func theSameSeedWritesTheSameBytes() throws {
    let paths = ["a", "b", "c"].map(folder.path)
    for (path, seed) in zip(paths, ["3", "3", "4"]) { #expect(try train(seed, to: path).status == 0) }
    let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(files[0] == files[1])
    #expect(files[0] != files[2])
  }

  @Test func badInputIsOneLineAndLeavesGoodFilesAlone() throws {
    let kept = try folder.write("precious", to: "kept.safetensors")
    let ragged = try folder.write("1,2,0\n3,4\n", to: "ragged.csv")
    let words = try folder.write("1,2,0\n3,x,1\n", to: "words.csv")
    let cut = try folder.write("\0\0\u{8}\u{3}", to: "cut.idx")
    let labels = try folder.write("\0\0\u{8}\u{1}", to: "cut-labels.idx")
    let calls: [([String], String)] = [
      (["train", "mlp", "--data", ragged, "--out", kept], "line 2"),
      (["train", "mlp", "--data", words, "--out", kept], "line 2, column 2"),
      (["train", "mlp", "--data", cut, "--labels", labels, "--out", kept], "cut.idx"),
      (["train", "mlp", "--data", folder.path("absent.csv"), "--out", kept], "absent.csv"),
      (["train", "mlp", "--out", folder.path("absent/model.safetensors")], "absent"),
      (["train", "mlp", "--learning-rate", "1e30", "--epochs", "1", "--out", kept], "loss became"),
      (["evaluate", kept], "kept.safetensors"),
      (["predict", folder.path("absent.safetensors"), "--input", ragged], "absent.safetensors"),
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
    let model = folder.path("model.safetensors")
    #expect(try train("1", to: model).status == 0)
    let narrow = try folder.write("1,2,3\n", to: "narrow.csv")
    let call = try NeuralProcess("predict", model, "--input", narrow)
    #expect(call.status != 0)
    #expect(call.errors == "Error: hidden1: Dense(64 → 32, relu) expects [64] for an example, got [3]\n")
  }

  @Test func aWrongOptionIsRefused() throws {
    #expect(try NeuralProcess("train", "mlp", "--backend", "abacus").errors.contains("abacus"))
    #expect(try NeuralProcess("train", "mlp", "--epochs", "0").status != 0)
    #expect(try NeuralProcess("train", "mlp", "--hidden", "a,b").errors.contains("a,b"))
  }
}
