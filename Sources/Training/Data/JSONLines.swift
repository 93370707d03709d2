import Foundation
import Interchange

/// The reading of JSON lines: an object a line.
///
///     struct Review: Decodable { let text: String; let stars: Int }
///     let reviews = try JSONLines.read("reviews.jsonl", as: Review.self)
public enum JSONLines {
  /// Decodes each line that is not empty.
  ///
  /// - Throws: ``FileError`` with the line if the file cannot be read, or a line is not JSON of that form. Files compressed by
  ///   gzip are read too.
  public static func read<Record: Decodable>(_ path: String, as type: Record.Type) throws -> [Record] {
    let decoder = JSONDecoder()
    let lines = try GzipFile.contents(of: path).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { index, line in
      guard line.contains(where: { !$0.isBlank && $0 != UInt8(ascii: "\r") }) else { return nil }
      do {
        return try decoder.decode(Record.self, from: Data(line))
      } catch {
        throw FileError(path: path, location: .line(index + 1, column: nil), reason: reason(error))
      }
    }
  }

  /// What is wrong with a line, in a few words.
  private static func reason(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, _): return "has no \(key.stringValue.quotedFromFile)"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "\(place(context).quotedFromFile) has another type than expected"
    default: return "is not JSON of the form expected"
    }
  }
}
