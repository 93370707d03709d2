import Layers
import Tensors

extension Module {
  /// Writes the parameters and buffers to a safetensors file, under their paths.
  ///
  /// - Throws: ``FileError`` if the file cannot be written; a former file then stays as it was.
  public func save(to path: String, metadata: [String: String] = [:]) throws {
    try Safetensors(tensors: state.map { ($0.path, $0.value) }, metadata: metadata).write(to: path)
  }

  /// Replaces the parameters and buffers by those of a safetensors file, such as a `state_dict` of PyTorch's.
  ///
  /// PyTorch's counters `num_batches_tracked` are passed over: nothing here depends on them.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, or does not hold exactly this module's parameters and buffers in
  ///   their shapes; nothing is changed then.
  public mutating func load(from path: String) throws {
    let file = try Safetensors(contentsOf: path)
    let stored = Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
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
    let surplus = file.tensors.map(\.name).filter {
      !names.contains($0) && !$0.hasSuffix("num_batches_tracked")
    }
    problems += surplus.map { "\($0) is not in the model" }
    guard problems.isEmpty else {
      let more = problems.count > 3 ? ", and \(problems.count - 3) more" : ""
      throw FileError(
        path: path, reason: "holds another architecture: " + problems.prefix(3).joined(separator: ", ") + more
      )
    }
    updateParameters { parameter, name in
      if let value = stored[name] { parameter = value }
    }
    updateBuffers { buffer, name in
      if let value = stored[name] { buffer = Buffer(value) }
    }
  }
}
