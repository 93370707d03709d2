import Foundation
import Tensors

/// A model's architecture as JSON: the kinds of its layers and their settings, without what they have learnt.
///
///     {"kind":"Sequential","settings":{"input":[64],"layers":[{"layer":{"kind":"Dense","settings":{…}},"name":"0"}]}}
public enum Architecture {
  /// The description of a model.
  ///
  /// - Throws: ``ArchitectureError`` if a layer in it is not `Codable`.
  public static func description(of model: some Layer) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(DescribedLayer(model)), as: UTF8.self)
  }

  /// The model that a description is of, its parameters as they begin with.
  ///
  /// - Parameters:
  ///   - description: what ``description(of:)`` gave.
  ///   - kinds: the kinds of layers that can be in it.
  ///   - most: the most weights to take memory for, as a file that holds them has.
  /// - Throws: ``ArchitectureError`` if it is no description, has a layer of another kind, or is of a model that cannot be.
  public static func model(
    _ description: String, kinds: LayerKinds = .builtIn, most: Int = .max
  ) throws -> any Layer {
    let decoder = JSONDecoder()
    if let key = CodingUserInfoKey.layerKinds { decoder.userInfo[key] = kinds }
    do {
      return try withWeights(atMost: most) {
        try decoder.decode(DescribedLayer.self, from: Data(description.utf8)).layer
      }
    } catch let error as ArchitectureError {
      throw error
    } catch let error as ShapeError {
      throw ArchitectureError("a model that cannot be: \(error)")
    } catch {
      throw ArchitectureError("the description of the model cannot be read")
    }
  }
}

extension Sequential: Codable {
  private enum CodingKeys: CodingKey { case input, layers }

  private struct DescribedElement: Codable {
    let name: String
    let layer: DescribedLayer
  }

  /// Reads the layers; where the shape of their input is known, they get the parameters they begin with.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let elements = try values.decode([DescribedElement].self, forKey: .layers)
    try self.init { elements.map { $0.layer.layer.named($0.name) } }
    if let input = try values.decodeIfPresent(Shape.self, forKey: .input) {
      self = try initialized(for: input, seed: 0)
    }
  }

  /// Writes the layers' kinds and settings.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(input, forKey: .input)
    try values.encode(
      elements.map { DescribedElement(name: $0.name, layer: DescribedLayer($0.layer)) }, forKey: .layers)
  }
}
