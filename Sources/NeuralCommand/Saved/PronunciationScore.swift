import Foundation
import NeuralNetworks

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
