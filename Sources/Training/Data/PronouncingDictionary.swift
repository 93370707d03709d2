import Interchange

/// Words with their pronunciations, as the Carnegie Mellon Pronouncing Dictionary has them.
///
///     neural N UH1 R AH0 L
///     neural(2) N Y UH1 R AH0 L # a comment
///
/// A line is a word and its phonemes; a number in parentheses marks another pronunciation of the word before. Lines that
/// begin with `;;;` are comments.
public struct PronouncingDictionary: Sendable, Equatable {
  /// A word with its pronunciations.
  public struct Entry: Sendable, Hashable {
    /// The word, in lower case.
    public let word: String
    /// At least one, each as phonemes' numbers.
    public internal(set) var pronunciations: [[Int]]

    /// The letters from 0 (a) to 25 (z).
    public var letters: [Int] { PronouncingDictionary.letters(of: word) ?? [] }
  }

  /// The phonemes by number, in alphabetical order.
  public let phonemes: [String]

  /// The words that are made of the letters a to z alone, in the file's order.
  public let entries: [Entry]

  /// Reads a dictionary; the stress, a digit at the end of a vowel, is left out, and with it pronunciations that differ in
  /// nothing else.
  ///
  /// - Throws: ``FileError`` with the line if the file cannot be read, a line has no phoneme, or there are no words.
  public init(contentsOf path: String) throws {
    let text = try Tokenizer.text(contentsOf: path)
    var words: [(word: String, pronunciations: [[Substring]])] = []
    var places: [Substring: Int] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let fields = line.prefix { $0 != "#" }.split(separator: " ", omittingEmptySubsequences: true)
      guard let first = fields.first, !line.hasPrefix(";;;") else { continue }
      guard fields.count > 1 else {
        throw FileError(
          path: path, location: .line(index + 1, column: nil), reason: "has a word without phonemes")
      }
      let word = first.prefix { $0 != "(" }
      guard Self.letters(of: word) != nil else { continue }
      let phonemes = fields.dropFirst().map { $0.prefix { !$0.isNumber } }
      if let place = places[word] {
        if !words[place].pronunciations.contains(phonemes) { words[place].pronunciations.append(phonemes) }
      } else {
        places[word] = words.count
        words.append((String(word), [phonemes]))
      }
    }
    guard !words.isEmpty else { throw FileError(path: path, reason: "has no words") }
    let phonemes = Set(words.flatMap { $0.pronunciations.joined() }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(phonemes, 0...))
    self.phonemes = phonemes.map(String.init)
    entries = words.map { word, pronunciations in
      Entry(word: word, pronunciations: pronunciations.map { $0.compactMap { numbers[$0] } })
    }
  }

  /// The letters of a word from 0 (a) to 25 (z); `nil` if it has others, or none.
  public static func letters(of word: some StringProtocol) -> [Int]? {
    let letters = word.utf8.map { Int($0) - Int(UInt8(ascii: "a")) }
    return !letters.isEmpty && letters.allSatisfy((0..<26).contains) ? letters : nil
  }
}
