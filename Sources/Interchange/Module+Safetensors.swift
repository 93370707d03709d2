import Layers
import Tensors

extension Module {
  /// Writes the parameters and buffers to a safetensors file, under their paths; of a model whose layers can be described,
  /// its ``Architecture`` too, so that ``Layer/init(contentsOf:kinds:)`` builds it again.
  ///
  /// - Throws: ``FileError`` if the file cannot be written; a former file then stays as it was.
  public func save(to path: String, metadata: [String: String] = [:]) throws {
    try Safetensors(
      tensors: state.map { ($0.path, $0.value) },
      metadata: metadata.merging(architecture) { given, _ in given }
    ).write(to: path)
  }

  /// The metadata that describes the model; nothing where a layer of it cannot be described.
  package var architecture: [String: String] {
    if let module = self as? any ConfiguredModule { return module.configurationText }
    guard let layer = self as? any Layer, let text = try? Architecture.description(of: layer) else {
      return [:]
    }
    return [Safetensors.architectureKey: text]
  }

  /// Replaces the parameters and buffers by those of a safetensors file, such as a `state_dict` of PyTorch's or a checkpoint
  /// of a training.
  ///
  /// PyTorch's counters `num_batches_tracked` are passed over: nothing here depends on them. So is what a checkpoint holds
  /// beside the model.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, or does not hold exactly this module's parameters and buffers in
  ///   their shapes; nothing is changed then.
  public mutating func load(from path: String) throws {
    let file = try Safetensors(contentsOf: path)
    let stored = Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    do { try restore(stored) } catch let error as StateMismatch {
      throw FileError(path: path, reason: "holds another architecture: \(error)")
    }
  }

  /// Replaces the parameters and buffers by those named.
  ///
  /// - Throws: ``StateMismatch`` if they are not exactly this module's in their shapes; nothing is changed then.
  package mutating func restore(_ stored: [String: Tensor]) throws {
    let expected = state
    var problems: [String] = []
    for (name, value) in expected {
      switch stored[name]?.shape {
      case value.shape: break
      case nil: problems.append("\(name) \(value.shape) is missing")
      case let shape?: problems.append("\(name) is \(shape) where the model has \(value.shape)")
      }
    }
    let names = Set(expected.map(\.path))
    let surplus = stored.keys.filter {
      !names.contains($0) && !$0.hasSuffix("num_batches_tracked") && !$0.hasPrefix(Safetensors.trainingPrefix)
    }
    problems += surplus.sorted().map { "\($0) is not in the model" }
    guard problems.isEmpty else { throw StateMismatch(problems: problems) }
    updateParameters { parameter, name in
      if let value = stored[name] { parameter = value }
    }
    updateBuffers { buffer, name in
      if let value = stored[name] { buffer = Buffer(value) }
    }
  }
}

extension Safetensors {
  /// What the names of a training's own tensors begin with, beside the model's in a checkpoint.
  package static let trainingPrefix = "training/"

  /// Under which a model's architecture stands in the metadata.
  static let architectureKey = "architecture"
}

/// Parameters and buffers that are not a module's.
package struct StateMismatch: Error, CustomStringConvertible {
  let problems: [String]

  /// The first few, on one line.
  package var description: String {
    problems.prefix(3).joined(separator: ", ")
      + (problems.count > 3 ? ", and \(problems.count - 3) more" : "")
  }
}

extension Layer where Self: Codable {
  /// The model of a file that ``Module/save(to:metadata:)`` or a training wrote, without the code that made it.
  ///
  ///     let model = try Sequential(contentsOf: "model.safetensors")
  ///
  /// - Parameter kinds: the kinds of layers that can be in it.
  /// - Throws: ``FileError`` if the file cannot be read, does not describe a model of this type, or its tensors are not that
  ///   model's.
  public init(contentsOf path: String, kinds: LayerKinds = .builtIn) throws {
    let file = try Safetensors(contentsOf: path)
    guard let text = file.metadata[Safetensors.architectureKey] else {
      throw FileError(path: path, reason: "does not describe its model; load it into one by load(from:)")
    }
    do {
      let model = try Architecture.model(
        text, kinds: kinds.adding(Self.self), most: file.weightsWarranted)
      guard var own = model as? Self else {
        throw FileError(path: path, reason: "holds a \(type(of: model)), not a \(Self.self)")
      }
      try own.restore(Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first })
      self = own
    } catch let error as ArchitectureError {
      throw FileError(path: path, reason: error.description)
    } catch let error as StateMismatch {
      throw FileError(path: path, reason: "holds another architecture than it describes: \(error)")
    }
  }
}
