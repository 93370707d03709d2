import Foundation
import Testing

/// The table of layers in `docs/layers.md` is whole, and its links lead somewhere.
@Suite struct LayerTableTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func page() throws -> String {
    try String(contentsOf: root.appending(path: "docs/layers.md"), encoding: .utf8)
  }

  /// The first cell of each row: the layers' names.
  private func names() throws -> Set<String> {
    let cells = try page().split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
      $0.split(separator: "|").first
    }
    return Set(cells.flatMap { $0.matches(of: #/`(\w+)[`(]/#).map { String($0.1) } })
  }

  @Test func everyLayerHasARow() throws {
    let names = try names()
    let folder = root.appending(path: "Sources/Layers")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".swift")
    }
    var layers: Set<String> = []
    for file in files {
      let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      let structs = source.matches(of: #/public struct (\w+)(<[^>]*>)?: (\w+)/#)
      for match in structs where match.1.hasSuffix("Layer") || match.3.hasSuffix("Layer") {
        layers.insert(String(match.1))
      }
    }
    #expect(layers.isSuperset(of: ["Dense", "LSTM", "SpectralNormalized", "TransformerDecoderLayer"]))
    #expect(layers.subtracting(names).sorted() == [], "layers without a row")
    #expect(names.subtracting(layers).sorted() == ["Activation"], "rows without a layer")
  }

  @Test func everyDerivationIsThere() throws {
    let links = try page().matches(of: #/\]\((gradients/[^)#]+)/#).map { String($0.1) }
    #expect(!links.isEmpty)
    for link in Set(links) {
      let path = root.appending(path: "docs/\(link)").path
      #expect(FileManager.default.fileExists(atPath: path), "\(link)")
    }
  }
}
