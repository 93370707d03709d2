import Layers
import Tensors

extension Module {
  /// Writes the parameters and buffers to a safetensors file, under their paths.
  ///
  /// - Throws: ``FileError`` if the file cannot be written; a former file then stays as it was.
  public func save(to path: String, metadata: [String: String] = [:]) throws {
    try Safetensors(tensors: state.map { ($0.path, $0.value) }, metadata: metadata).write(to: path)
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
