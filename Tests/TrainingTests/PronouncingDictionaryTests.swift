import Interchange
import TestSupport
import Testing
import Training

@Suite struct PronouncingDictionaryTests {
  private static let text = """
    ;;; a comment
    'bout B AW1 T
    a AH0
    a(2) EY1
    a.d. EY2 D IY1
    record R AH0 K AO1 R D # verb
    record(2) R EH1 K ER0 D
    record(3) R AH0 K AO2 R D

    zoo Z UW1

    """

  @Test func wordsOfLettersWithoutStress() throws {
    let folder = try TemporaryFolder()
    let dictionary = try PronouncingDictionary(contentsOf: folder.file("dictionary", Self.text))
    #expect(dictionary.phonemes == ["AH", "AO", "D", "EH", "ER", "EY", "K", "R", "UW", "Z"])
    #expect(dictionary.entries.map(\.word) == ["a", "record", "zoo"])
    let pronunciations = dictionary.entries.map { entry in
      entry.pronunciations.map { $0.map { dictionary.phonemes[$0] }.joined(separator: " ") }
    }
    #expect(pronunciations == [["AH", "EY"], ["R AH K AO R D", "R EH K ER D"], ["Z UW"]])
    #expect(dictionary.entries[2].letters == [25, 14, 14])
    #expect(PronouncingDictionary.letters(of: "Zoo") == nil && PronouncingDictionary.letters(of: "") == nil)
  }

  @Test func whatIsWrongIsSaidWithItsLine() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("bad", "a AH0\nb\n")
    #expect(
      message { _ = try PronouncingDictionary(contentsOf: path) }
        == "\(path): line 2: has a word without phonemes")
    let empty = try folder.file("empty", ";;; nothing\n")
    #expect(message { _ = try PronouncingDictionary(contentsOf: empty) } == "\(empty): has no words")
  }

  @Test func anyFileIsReadOrRefused() throws {
    let folder = try TemporaryFolder()
    withMutations(of: Array(Self.text.utf8), count: 20_000, "dictionary") { bytes in
      do {
        let dictionary = try PronouncingDictionary(contentsOf: folder.file("mutated", bytes))
        #expect(dictionary.entries.allSatisfy { !$0.letters.isEmpty && !$0.pronunciations.isEmpty })
      } catch {
        #expect(error is FileError)
      }
    }
  }
}
