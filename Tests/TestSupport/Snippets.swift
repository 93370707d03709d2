import Foundation
import Testing

/// Checks that each Swift snippet of a page of `docs` stands in the calling test's file, but for blanks and line ends.
public func expectSnippets(
  of page: String, count: Int, in file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  func compact(_ text: String) -> String { String(text.filter { !$0.isWhitespace }) }
  let own = compact(try String(contentsOfFile: file, encoding: .utf8))
  let text = try String(contentsOfFile: fixture("../../docs/\(page)"), encoding: .utf8)
  let snippets = text.components(separatedBy: "```swift\n").dropFirst().map {
    $0.components(separatedBy: "```")[0]
  }
  #expect(snippets.count == count, sourceLocation: sourceLocation)
  for snippet in snippets {
    #expect(own.contains(compact(snippet)), "\(page): \(snippet)", sourceLocation: sourceLocation)
  }
}
