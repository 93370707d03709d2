import Foundation
import Testing

/// The page docs/adding-an-operation.md shows the files of this folder, which are compiled and run with the other tests.
@Suite struct PageTests {
  @Test func thePageShowsWhatIsTested() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let root = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "docs/adding-an-operation.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "```")
    let shown = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("swift\n") }
    let files = try ["SwishOperation", "Swish", "SwishTests"].map {
      try "swift\n" + String(contentsOf: folder.appending(path: "\($0).swift"), encoding: .utf8)
    }
    #expect(shown == files)
  }
}
