import Foundation
import NeuralNetworks
import TestSupport
import Testing

/// Each recipe on a small file or on the embedded digits: it trains, saves, and what it saves can be used.
@Suite(.onEveryBackend) struct RecipeTests {
  private func neural(_ arguments: String...) throws -> NeuralProcess {
    let run = try NeuralProcess(arguments + ["--backend", BLAS.backend.name])
    #expect(run.status == 0, "\(arguments.joined(separator: " ")): \(run.errors)")
    return run
  }

  /// The number under a key of the last line that has it.
  private func last(_ key: String, of run: NeuralProcess) -> Double? {
    run.lines.reversed().lazy.compactMap { line in
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return object?[key] as? Double
    }.first
  }

  @Test func aDeepNetworkNeedsNormalization() throws {
    let run = try neural(
      "train", "deep", "--data", "digits", "--depth", "20", "--width", "32", "--epochs", "8", "--batch-size",
      "32", "--json")
    #expect(try #require(last("validation_accuracy", of: run)) > 0.9)
    let bare = try neural(
      "train", "deep", "--data", "digits", "--normalization", "none", "--depth", "20", "--width", "32",
      "--epochs", "2",
      "--batch-size", "32")
    #expect(bare.output.contains("gradient of hidden1's weights: "))
    #expect(bare.output.contains("accuracy 0.1") || bare.output.contains("accuracy 0.0"), "\(bare.output)")
  }

  @Test(arguments: ["simple", "lstm", "gru"]) func aRecurrentNetworkReadsDigitsRowByRow(_ kind: String) throws
  {
    let run = try neural(
      "train", "rnn", "--data", "digits", "--steps", "8", "--kind", kind, "--hidden", "32", "--epochs", "12",
      "--weight-decay", "0", "--json")
    #expect(try #require(last("validation_accuracy", of: run)) > 0.88)
  }

  @Test func seriesOfDifferentLengths() throws {
    let folder = try TemporaryFolder()
    // Up or down, from a random place on.
    var random = RandomSource(seed: 3)
    let lines = (0..<40).map { index in
      let (steps, start) = (3 + index % 5, random.uniform())
      let values = (0..<steps).map { "\(start + Float($0) * (index % 2 == 0 ? 0.2 : -0.2))" }
      return "\(values.joined(separator: ",")):\(index % 2 == 0 ? "up" : "down")\n"
    }
    let data = try folder.file("data.ts", "@classLabel true up down\n@data\n" + lines.joined())
    let run = try neural(
      "train", "lstm", "--data", data, "--test-data", data, "--hidden", "16", "--epochs", "80",
      "--learning-rate", "0.02", "--dropout", "0", "--json",
      "--out",
      folder.path(of: "model"))
    #expect(try #require(last("validation_accuracy", of: run)) == 1)
    let model = try SequenceClassifier(contentsOf: folder.path(of: "model"))
    #expect(model.configuration.classes == 2)
    let evaluation = try NeuralProcess("evaluate", folder.path(of: "model"))
    #expect(evaluation.errors.contains("holds a SequenceClassifier"), "\(evaluation.errors)")
  }

  @Test(arguments: ["lstm-text", "transformer"]) func textIsLearntAndWritten(_ recipe: String) throws {
    let folder = try TemporaryFolder()
    let line = "in the beginning was the word, and the word was short.\n"
    let (data, model) = (
      try folder.file("text", String(repeating: line, count: 60)), folder.path(of: "model")
    )
    let sizes = recipe == "transformer" ? ["--heads", "2", "--layers", "1"] : ["--hidden", "48"]
    let run = try NeuralProcess(
      ["train", recipe, "--data", data, "--dimension", "32", "--length", "32", "--epochs", "12"] + sizes
        + ["--batch-size", "8", "--warmup", "5", "--learning-rate", "0.01", "--json", "--out", model]
        + ["--backend", BLAS.backend.name])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try #require(last("validation_loss", of: run)) < 0.3)
    let text = try neural(
      "generate", model, "--prompt", "in the beginning", "--length", "60", "--temperature", "0")
    #expect(text.output.hasPrefix("in the beginning was the word, and the word"), "\(text.output)")
    let again = try neural("generate", model, "--temperature", "1.5", "--prompt", "was", "--seed", "4")
    #expect(
      again.output
        == (try neural("generate", model, "--temperature", "1.5", "--prompt", "was", "--seed", "4").output))
    let unknown = try NeuralProcess("generate", model, "--prompt", "Ω")
    #expect(unknown.errors == "Error: the model does not know the character \"Ω\" of the prompt\n")
  }

  @Test func wordsArePronounced() throws {
    let folder = try TemporaryFolder()
    // Each letter is one phoneme.
    var random = RandomSource(seed: 4)
    let lines = (0..<400).map { _ in
      let letters = (0..<Int.random(in: 2...5, using: &random)).map { _ in
        Int.random(in: 0..<4, using: &random)
      }
      return letters.map { String("abcd".dropFirst($0).first ?? "a") }.joined() + " "
        + letters.map { ["AA1", "B", "K", "D"][$0] }.joined(separator: " ") + "\n"
    }
    let (data, model) = (try folder.file("dictionary", lines.joined()), folder.path(of: "model"))
    let run = try neural(
      "train", "encoder-decoder", "--data", data, "--dimension", "16", "--hidden", "16", "--layers", "1",
      "--epochs", "40", "--batch-size", "16", "--warmup", "5", "--learning-rate", "0.01", "--json", "--out",
      model)
    #expect(try #require(last("word_error", of: run)) < 0.1)
    let words = try neural("pronounce", "--model", model, "dab", "Cab")
    #expect(words.output == "dab D AA B\ncab K AA B\n")
    #expect(try NeuralProcess("pronounce", "--model", model, "it's").errors.contains("it's"))
  }

  /// Weights from outside: see `Tests/Fixtures/pronouncer.py`.
  @Test func g2pensArraysPronounceAsThere() throws {
    let lines = try Tokenizer.text(contentsOf: fixture("pronouncer.txt"))
    let words = lines.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    let run = try NeuralProcess(
      ["pronounce", "--model", fixture("pronouncer.npz"), "--backend", BLAS.backend.name] + words)
    #expect(run.output == lines, "\(run.errors)")
    let other = try NeuralProcess("pronounce", "--model", fixture("arrays.npz"), "a")
    #expect(other.errors == "Error: \(fixture("arrays.npz")): holds no pronouncer of g2p-en's\n")
  }

  @Test func wordsOfATextGetVectors() throws {
    let folder = try TemporaryFolder()
    var random = RandomSource(seed: 5)
    let groups = [["bread", "wine", "oil", "corn"], ["king", "sword", "shield", "spear"]]
    let sentences = (0..<600).map { index in
      (0..<6).map { _ in groups[index % 2][Int.random(in: 0..<4, using: &random)] }.joined(separator: " ")
        + String(repeating: " the", count: 5) + ".\n"
    }
    let run = try neural(
      "train", "embedding", "--data", try folder.file("text", sentences.joined()), "--dimension", "12",
      "--window",
      "2", "--batch-size", "32", "--epochs", "8", "--threshold", "1", "--words", "bread,king")
    for group in groups {
      let line = try #require(run.lines.first { $0.hasPrefix("\(group[0]): ") })
      let near = line.dropFirst(group[0].count + 2).split(separator: ", ").prefix(3).map(String.init)
      #expect(Set(near) == Set(group.dropFirst()), "\(line)")
    }
  }

  @Test func aGANGeneratesPoints() throws {
    let folder = try TemporaryFolder()
    let points = folder.path(of: "points.npy")
    let run = try neural(
      "train", "gan", "--data", "grid", "--hidden", "16", "--latent", "4", "--epochs", "1", "--count", "50",
      "--samples", points)
    #expect(run.output.contains("of 25 modes"), "\(run.output)")
    #expect(try NPY.read(points).shape == [50, 2])
    #expect(try NeuralProcess("train", "gan", "--picture", "a.png").errors.contains("for images"))
  }

  @Test func imagesAreScoredByAClassifier() throws {
    let folder = try TemporaryFolder()
    let (model, blank) = (folder.path(of: "model"), folder.path(of: "blank.npy"))
    _ = try neural(
      "train", "mlp", "--data", "digits", "--hidden", "32", "--epochs", "6", "--batch-size", "16",
      "--learning-rate", "0.01", "--quiet",
      "--out", model)
    let real = try neural("score", model, "--data", "digits")
    let score = try #require(real.lines.last?.split(separator: " ").last.flatMap { Float($0) })
    #expect(score > 7 && score <= 10, "\(real.output)")
    try NPY.write(.zeros([20, 64]), to: blank)
    #expect(try neural("score", model, "--images", blank).output.hasSuffix("classifier 1.0\n"))
  }

  /// Nothing is fetched that was not asked for: where data is missing, the error says how to get it.
  @Test(arguments: [
    ["rnn"], ["lstm"], ["encoder-decoder"], ["mlp", "--data", "sunspots"],
  ]) func missingDataIsNamed(_ arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try NeuralProcess(["train"] + arguments, environment: ["XDG_DATA_HOME": folder.path])
    #expect(run.status != 0)
    #expect(run.errors.contains("is not installed") && run.errors.contains("--install"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try folder.names.isEmpty)
  }
}
