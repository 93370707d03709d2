/// A module that can be built again from its sizes, which stand with its parameters in a file.
///
///     try model.save(to: "model.safetensors")
///     let served = try TransformerLanguageModel(contentsOf: "model.safetensors")
public protocol ConfiguredModule: Module {
  /// All that decides the module's parameters but their values.
  associatedtype Configuration: Codable, Sendable

  /// The sizes.
  var configuration: Configuration { get }

  /// A module of the given sizes, its parameters drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if there can be no such module.
  init(_ configuration: Configuration, seed: UInt64) throws
}
