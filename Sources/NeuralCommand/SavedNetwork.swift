import Foundation
import NeuralNetworks

/// A network on disk with what it takes to build it again: the recipe's name and its configuration as JSON.
struct SavedNetwork {
  private static let recipeKey = "recipe"
  private static let configurationKey = "configuration"
  private static let lossKey = "loss"

  var model: MultilayerPerceptron
  var loss: Loss

  func save(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let configuration = String(decoding: try encoder.encode(model.configuration), as: UTF8.self)
    try model.save(
      to: path,
      metadata: [Self.recipeKey: "mlp", Self.configurationKey: configuration, Self.lossKey: loss.rawValue])
  }

  static func load(_ path: String) throws -> SavedNetwork {
    let metadata = try Safetensors(contentsOf: path).metadata
    guard
      metadata[recipeKey] == "mlp", let text = metadata[configurationKey],
      let loss = metadata[lossKey].flatMap(Loss.init(rawValue:)),
      let configuration = try? JSONDecoder().decode(
        MultilayerPerceptron.Configuration.self, from: Data(text.utf8))
    else {
      throw FileError(
        path: path, reason: "does not say which network it holds; was it saved by \"neural train\"?")
    }
    let widths = [configuration.inputs] + configuration.hidden + [configuration.outputs]
    guard widths.allSatisfy({ $0 > 0 && $0 < 1 << 20 }) else {
      throw FileError(path: path, reason: "describes a network of impossible sizes \(widths)")
    }
    var model = try MultilayerPerceptron(configuration, seed: 0)
    try model.load(from: path)
    guard model.parameters.allSatisfy({ $0.value.isFinite }) else {
      throw FileError(path: path, reason: "holds NaN or infinity among its parameters")
    }
    return SavedNetwork(model: model, loss: loss)
  }
}
