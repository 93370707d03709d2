import Foundation
import Layers
import Tensors

extension ConfiguredModule {
  /// The module of a file that ``Module/save(to:metadata:)`` or a training wrote.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, does not hold a module of this type, or its tensors are not that
  ///   module's.
  public init(contentsOf path: String) throws {
    let file = try Safetensors(contentsOf: path)
    guard file.metadata[Safetensors.moduleKey] == "\(Self.self)",
      let text = file.metadata[Safetensors.configurationKey],
      let configuration = try? JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
    else { throw FileError(path: path, reason: "does not say that it holds a \(Self.self)") }
    do {
      var module = try withWeights(atMost: file.weightsWarranted) { try Self(configuration, seed: 0) }
      try module.restore(Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first })
      self = module
    } catch let error as ShapeError {
      throw FileError(path: path, reason: "describes a model that cannot be: \(error)")
    } catch let error as StateMismatch {
      throw FileError(path: path, reason: "holds another architecture than it describes: \(error)")
    }
  }

  /// The metadata that ``init(contentsOf:)`` reads.
  var configurationText: [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(configuration) else { return [:] }
    return [
      Safetensors.moduleKey: "\(Self.self)",
      Safetensors.configurationKey: String(decoding: text, as: UTF8.self),
    ]
  }
}

extension Safetensors {
  /// Under which the name of a ``ConfiguredModule``'s type stands in the metadata.
  package static let moduleKey = "module"

  /// Under which its configuration stands.
  static let configurationKey = "configuration"

  /// The most weights that a description in the file can take memory for: bounded by what the file holds.
  var weightsWarranted: Int { 4 * (tensors.reduce(0) { $0 + $1.tensor.count } + 1024) }
}
