import Interchange
import Tensors
import TestSupport
import Testing
import Training

@Suite struct ReadersTests {
  private let fann = "3 2 1\n0.5 -1\n1\n0 2e-1\n0\n\n1 1 -1\n"
  private let series = """
    # A comment
    @problemName Example
    @timestamps false
    @dimensions 2
    @classLabel true up down
    @data
    1.0,2.0,3.0:0.5,0.25,0.125:up
    -1 , 2:4,5:down

    """

  @Test func trainingDataOfFANN() throws {
    let folder = try TemporaryFolder()
    let examples = try FANN.read(folder.file("data.train", fann))
    #expect(examples.inputs == (try Tensor([0.5, -1, 0, 0.2, 1, 1], shape: [3, 2])))
    #expect(examples.targets == .values(try Tensor([1, 0, -1], shape: [3, 1])))
    for (text, words) in [
      ("3 2 1\n0.5 -1\n1\n0 x", "line 4: \"x\" is not a finite number"), ("2 1 1\n1 1 1", "ends before"),
      ("1 1 1\n1 1 1", "holds more numbers"), ("99999999 1 1", "is not a number of examples"),
      ("9999999 9999999 1\n", "more than it holds"), ("1 0 1\n1", "more than it holds"),
      ("-1 2 1", "is not a number"),
      ("1.5 2 1", "is not a number"), ("", "ends before"), ("1 1 1\n1 nan", "not a finite"),
    ] {
      let path = try folder.file("bad", text)
      let said = message { _ = try FANN.read(path) }
      #expect(said.contains(words), "\(text): \(said)")
    }
  }

  @Test func seriesOfDifferentLengths() throws {
    let folder = try TemporaryFolder()
    let data = try TimeSeries.read(folder.file("data.ts", series))
    #expect(data.classes == ["up", "down"])
    #expect(data.labels == [0, 1])
    #expect(data.channels == 2)
    #expect(data.series[0] == (try Tensor([1, 0.5, 2, 0.25, 3, 0.125], shape: [3, 2])))
    #expect(data.series[1] == (try Tensor([-1, 4, 2, 5], shape: [2, 2])))
    #expect(data.padded.lengths == [3, 2])
    #expect(data.padded.values.shape == [2, 3, 2])
    #expect(data.padded.values[1, 2, 1] == 0)
    let head = "@classLabel true a b\n@data\n"
    for (text, words) in [
      ("1,2:a", "line 1: expected a line that begins with @"), ("@data\n1:a", "names no classes"),
      (head + "1,2:c", "line 3: ends with \"c\""),
      (head + "1:2:a\n1:b", "has 1 channels where the first case has 2"),
      (head + "1,2:3:a", "different lengths"), (head + "1,?:a", "\"?\" is not a finite number"),
      (head, "holds no series"), ("@timestamps true\n", "time stamps"), ("@classLabel true a a\n", "twice"),
    ] {
      let path = try folder.file("bad", text)
      let said = message { _ = try TimeSeries.read(path) }
      #expect(said.contains(words), "\(text): \(said)")
    }
  }

  private struct Review: Decodable, Equatable {
    let text: String
    let stars: Int
  }

  @Test func linesOfJSON() throws {
    let folder = try TemporaryFolder()
    let text = "{\"text\": \"good\", \"stars\": 5}\r\n\n {\"stars\": 1, \"text\": \"bad\", \"more\": null}"
    let reviews = try JSONLines.read(folder.file("data.jsonl", text), as: Review.self)
    #expect(reviews == [Review(text: "good", stars: 5), Review(text: "bad", stars: 1)])
    for (line, words) in [
      ("{\"text\": \"a\"}", "line 2: has no \"stars\""),
      ("{\"text\": \"a\", \"stars\": \"5\"}", "\"stars\" has another type"),
      ("{", "is not JSON"), ("[1]", "another type"),
    ] {
      let path = try folder.file("bad", "{\"text\": \"good\", \"stars\": 5}\n" + line)
      let said = message { _ = try JSONLines.read(path, as: Review.self) }
      #expect(said.contains(words), "\(line): \(said)")
    }
  }

  @Test func tokensAndTheirNumbers() throws {
    let folder = try TemporaryFolder()
    let text = "In the beginning, the day's end: the end."
    let words = Tokenizer.words.tokens(in: text)
    #expect(words == ["In", "the", "beginning", ",", "the", "day's", "end", ":", "the", "end", "."])
    let vocabulary = Vocabulary(of: words)
    #expect(vocabulary.tokens.prefix(3) == [Vocabulary.unknown, "the", "end"])
    #expect(vocabulary.encode(["the", "night"]) == [1, 0])
    #expect(vocabulary.decode([1, 2, 99, -1]) == ["the", "end", Vocabulary.unknown, Vocabulary.unknown])
    #expect(Vocabulary(of: words, atLeast: 2).count == 3)
    #expect(Vocabulary(of: words, most: 2).tokens == [Vocabulary.unknown, "the"])
    let characters = Tokenizer.characters.tokens(in: text)
    let letters = Vocabulary(of: characters)
    #expect(Tokenizer.characters.text(of: letters.decode(letters.encode(characters))) == text)
    let path = folder.path(of: "vocabulary.json")
    try vocabulary.save(to: path)
    #expect(try Vocabulary(contentsOf: path) == vocabulary)
    for bad in ["", "{}", "[\"a\"]", "[\"<unknown>\", \"a\", \"a\"]", "[\"<unknown>\", 1]"] {
      let path = try folder.file("bad", bad)
      #expect(message { _ = try Vocabulary(contentsOf: path) }.contains("is not the JSON list"))
    }
    #expect(try Tokenizer.text(contentsOf: folder.file("text", "häuser")) == "häuser")
    let broken = try folder.file("broken", [0x61, 0xFF])
    #expect(message { _ = try Tokenizer.text(contentsOf: broken) }.contains("UTF-8"))
  }

  /// Bit flips, truncations and lying sizes: an error or a correct read, never a crash.
  @Test func mutatedFilesAreAnErrorOrARead() throws {
    let folder = try TemporaryFolder()
    func check(_ text: String, _ read: (String) throws -> Void) throws {
      try withMutations(of: Array(text.utf8), count: 20_000, "ReadersTests") { mutated in
        let path = try folder.file("mutated", mutated)
        do { try read(path) } catch is FileError {}
      }
    }
    try check(fann) { path in
      let examples = try FANN.read(path)
      #expect(examples.inputs.isFinite)
    }
    try check(series) { path in
      let data = try TimeSeries.read(path)
      #expect(data.series.allSatisfy { $0.shape[1] == data.channels && $0.isFinite })
    }
    try check("{\"text\": \"good\", \"stars\": 5}\n{\"text\": \"bad\", \"stars\": 1}\n") { path in
      _ = try JSONLines.read(path, as: Review.self)
    }
    try check("[\"<unknown>\",\"the\",\"end\"]") { path in _ = try Vocabulary(contentsOf: path) }
    try check("In the beginning, the day's end") { path in
      _ = Tokenizer.words.tokens(in: try Tokenizer.text(contentsOf: path))
    }
  }
}
