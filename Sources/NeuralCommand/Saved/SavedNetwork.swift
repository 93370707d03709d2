import NeuralNetworks

/// A network on disk with what it was trained for; its architecture stands in the file, so that any recipe's can be loaded.
struct SavedNetwork {
  private static let lossKey = "loss"

  var model: Sequential
  var loss: Loss

  func save(to path: String) throws { try model.save(to: path, metadata: [Self.lossKey: loss.rawValue]) }

  static func load(_ path: String) throws -> SavedNetwork {
    let metadata = try Safetensors(contentsOf: path).metadata
    if let kind = metadata[Safetensors.moduleKey], kind != "\(Sequential.self)" {
      throw FileError(path: path, reason: "holds a \(kind), and no network that maps examples to answers")
    }
    let model = try Sequential(contentsOf: path)
    guard let loss = metadata[lossKey].flatMap(Loss.init(rawValue:)) else {
      throw FileError(
        path: path, reason: "does not say what its network is for; was it saved by \"neural train\"?")
    }
    try model.checkFinite(path)
    return SavedNetwork(model: model, loss: loss)
  }

  /// Inputs, `[count, …]`, in the shape that the network takes, if they have as many elements.
  func shaped(_ inputs: Tensor) throws -> Tensor {
    guard let input = model.input, inputs.shape.rank > 0, input.count == inputs.shape.droppingFirst.count
    else {
      return inputs
    }
    return try inputs.reshaped(to: input.prepending(inputs.shape[0]))
  }
}

extension Module {
  /// Checks that what was read from a file are numbers.
  func checkFinite(_ path: String) throws {
    guard state.allSatisfy({ $0.value.isFinite }) else {
      throw FileError(path: path, reason: "holds NaN or infinity among its parameters")
    }
  }
}

extension Examples {
  /// These examples with their inputs in the shape that a network takes, if they have as many elements.
  func shaped(for model: Sequential) throws -> Examples {
    guard let input = model.input, input.count == exampleShape.count else { return self }
    return try shaped(input)
  }

  /// These examples with their inputs in another shape of as many elements.
  func shaped(_ shape: Shape) throws -> Examples {
    try Examples(inputs: inputs.reshaped(to: shape.prepending(count)), targets: targets)
  }
}
