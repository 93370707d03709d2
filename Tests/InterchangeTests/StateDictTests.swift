import Foundation
import Interchange
import Layers
import Models
import Operations
import Tensors
import TestSupport
import Testing

/// Models of PyTorch's, loaded by name from the files that `Tests/Fixtures/state-dict.py` writes.
@Suite(.onEveryBackend) struct StateDictTests {
  private static let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  private let networkPath = Self.fixtures.appending(path: "state-dict-network.safetensors").path
  private let lstmPath = Self.fixtures.appending(path: "state-dict-lstm.safetensors").path
  private let answers: Safetensors

  init() throws {
    answers = try Safetensors(
      contentsOf: Self.fixtures.appending(path: "state-dict-answers.safetensors").path)
  }

  private func network() throws -> Sequential {
    try Sequential(input: [2, 5, 4], seed: 1) {
      Convolution2D(outputs: 4, kernel: 3, stride: 2, padding: 1)
      BatchNorm()
      Activation.relu
      Flatten()
      Dense(outputs: 3)
    }
  }

  private func lstm() throws -> LSTM {
    try LSTM(hidden: 4, layers: 2, bidirectional: true).initialized(for: [5, 3], seed: 1)
  }

  private func expect(
    _ actual: [Tensor], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try #require(answers[name], sourceLocation: sourceLocation)
    expectClose(
      actual.flatMap(\.array), expected.array, tolerance: 1e-5, name, sourceLocation: sourceLocation)
  }

  @Test func aTrainedNetworkAnswersAsInPyTorch() throws {
    let counter = try #require(try Safetensors(contentsOf: networkPath)["1.num_batches_tracked"])
    #expect(try counter.item() == 5)
    var network = try network()
    try network.load(from: networkPath)
    try expect([network(#require(answers["images"]))], "scores")
  }

  @Test func recurrentLayersAnswerAsInPyTorch() throws {
    var lstm = try lstm()
    try lstm.load(from: lstmPath)
    let (outputs, final) = try lstm(#require(answers["sequences"]), state: nil)
    try expect([outputs], "outputs")
    try expect(final.hidden, "hidden")
    try expect(final.cell, "cell")
  }

  @Test func aPerceptronAnswersAsInPyTorch() throws {
    var model = try Sequential(input: [6], seed: 1) {
      Dense(outputs: 8)
      Activation.relu
      Dense(outputs: 5)
      Activation.tanh
      Dense(outputs: 3)
    }
    try model.load(from: fixture("state-dict-perceptron.safetensors"))
    try expect([model(#require(answers["rows"]))], "row-scores")
  }

  @Test func aTransformerAnswersAsInPyTorch() throws {
    var model = try TransformerLanguageModel(
      .init(vocabulary: 9, context: 8, dimension: 12, heads: 3, layers: 2), seed: 1)
    try model.load(from: fixture("state-dict-transformer.safetensors"))
    try expect([model.scores(Indices(#require(answers["tokens"])), in: .inference)], "token-scores")
  }

  /// What is wrong with the file after a change, as the error says it; the model stays as it was.
  private func refusal<Model: Module>(
    by model: Model, of path: String, _ change: (inout Safetensors) -> Void
  ) throws -> String {
    let folder = try TemporaryFolder()
    var file = try Safetensors(contentsOf: path)
    change(&file)
    try file.write(to: folder.path(of: "changed.safetensors"))
    var loaded = model
    let refusal = message { try loaded.load(from: folder.path(of: "changed.safetensors")) }
    #expect(loaded.state.map(\.value) == model.state.map(\.value))
    return refusal
  }

  @Test(arguments: ["0.weight", "1.running_var", "4.bias"]) func aMissingTensorIsNamed(_ name: String) throws
  {
    let refusal = try refusal(by: network(), of: networkPath) { file in
      file.tensors.removeAll { $0.name == name }
    }
    #expect(refusal.contains("\(name) ["), "\(refusal)")
    #expect(refusal.hasSuffix("is missing"), "\(refusal)")
  }

  @Test func aMissingDirectionIsNamed() throws {
    let refusal = try refusal(by: lstm(), of: lstmPath) { file in
      file.tensors.removeAll { $0.name == "weight_hh_l1_reverse" }
    }
    #expect(refusal.contains("weight_hh_l1_reverse [16, 4] is missing"), "\(refusal)")
  }

  @Test func aMisshapenTensorIsNamed() throws {
    func misshapen(_ name: String, _ shape: Shape) -> (inout Safetensors) -> Void {
      { file in
        for index in file.tensors.indices where file.tensors[index].name == name {
          file.tensors[index].tensor = .zeros(shape)
        }
      }
    }
    let weight = try refusal(by: network(), of: networkPath, misshapen("4.weight", [24, 3]))
    #expect(weight.contains("4.weight is [24, 3] where the model has [3, 24]"), "\(weight)")
    let mean = try refusal(by: network(), of: networkPath, misshapen("1.running_mean", [1, 4]))
    #expect(mean.contains("1.running_mean is [1, 4] where the model has [4]"), "\(mean)")
    let bias = try refusal(by: lstm(), of: lstmPath, misshapen("bias_ih_l0", [8]))
    #expect(bias.contains("bias_ih_l0 is [8] where the model has [16]"), "\(bias)")
  }
}
