import Foundation
import Interchange

/// The tokens that a model knows, each with a number.
///
///     let vocabulary = Vocabulary(of: Tokenizer.characters.tokens(in: text))
///     let numbers = vocabulary.encode(Tokenizer.characters.tokens(in: "In the beginning"))
///     print(Tokenizer.characters.text(of: vocabulary.decode(numbers)))
///
/// Number 0 is the token for all that are not known.
public struct Vocabulary: Sendable, Hashable, Codable {
  /// The tokens by number.
  public let tokens: [String]

  private let numbers: [String: Int]

  /// What stands for a token that is not known, at number 0.
  public static let unknown = "<unknown>"

  /// The tokens of a text that come at least `atLeast` times, the commonest first and equally common ones by their
  /// characters; of those no more than `most`, the unknown one included.
  public init(of tokens: some Sequence<String>, atLeast: Int = 1, most: Int = .max) {
    var counts: [String: Int] = [:]
    for token in tokens { counts[token, default: 0] += 1 }
    counts[Self.unknown] = nil
    let known = counts.filter { $0.value >= atLeast }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    self.init(known: known.prefix(max(0, most - 1)).map(\.key))
  }

  private init(known: [String]) {
    tokens = [Self.unknown] + known
    numbers = Dictionary(uniqueKeysWithValues: zip(tokens, 0...))
  }

  /// How many tokens there are.
  public var count: Int { tokens.count }

  /// The number of a token; 0 if it is not known.
  public subscript(token: String) -> Int { numbers[token] ?? 0 }

  /// The numbers of tokens.
  public func encode(_ tokens: some Sequence<String>) -> [Int] { tokens.map { self[$0] } }

  /// The tokens of numbers; of one that is no token's, ``unknown``.
  public func decode(_ numbers: some Sequence<Int>) -> [String] {
    numbers.map { tokens.indices.contains($0) ? tokens[$0] : Self.unknown }
  }

  /// Reads the list of tokens back.
  public init(from decoder: any Decoder) throws {
    let list = try decoder.singleValueContainer().decode([String].self)
    guard list.first == Self.unknown, Set(list).count == list.count else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "a vocabulary begins with \(Self.unknown) and has no token twice"))
    }
    self.init(known: Array(list.dropFirst()))
  }

  /// Writes the list of tokens.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(tokens)
  }

  /// Writes the tokens as a JSON list.
  ///
  /// - Throws: ``FileError`` if the file cannot be written; a former file then stays.
  public func save(to path: String) throws { try AtomicFile.write(try JSONEncoder().encode(self), to: path) }

  /// Reads a vocabulary that was saved.
  ///
  /// - Throws: ``FileError`` if the file cannot be read or is no vocabulary.
  public init(contentsOf path: String) throws {
    let bytes = try GzipFile.contents(of: path)
    do {
      self = try JSONDecoder().decode(Vocabulary.self, from: Data(bytes))
    } catch {
      throw FileError(path: path, reason: "is not the JSON list of a vocabulary's tokens")
    }
  }
}

/// How text is cut into tokens.
public enum Tokenizer: String, Sendable, Hashable, Codable, CaseIterable {
  /// Each character by itself.
  case characters
  /// Runs of letters and digits, and each other character but blanks.
  case words

  /// The tokens of a text, in order.
  public func tokens(in text: String) -> [String] {
    switch self {
    case .characters: return text.map(String.init)
    case .words:
      var tokens: [String] = []
      var word = ""
      func end() {
        if !word.isEmpty { tokens.append(word) }
        word = ""
      }
      for character in text {
        if character.isLetter || character.isNumber || (character == "'" && !word.isEmpty) {
          word.append(character)
        } else {
          end()
          if !character.isWhitespace { tokens.append(String(character)) }
        }
      }
      end()
      return tokens
    }
  }

  /// The text of tokens: of characters the same that was cut, of words with a blank between each two.
  public func text(of tokens: some Sequence<String>) -> String {
    tokens.joined(separator: self == .characters ? "" : " ")
  }

  /// The text of a file in UTF-8, which may be compressed by gzip.
  ///
  /// - Throws: ``FileError`` if it cannot be read or is not UTF-8.
  public static func text(contentsOf path: String) throws -> String {
    let bytes = try GzipFile.contents(of: path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(path: path, reason: "is not text in UTF-8")
    }
    return text
  }
}
