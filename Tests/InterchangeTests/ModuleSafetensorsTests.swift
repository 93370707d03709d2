import Interchange
import Layers
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct ModuleSafetensorsTests {
  private func network(_ inputs: Int, hidden: Int = 4, seed: UInt64 = 1) throws -> Sequential {
    try Sequential(input: [inputs], seed: seed) {
      Dense(outputs: hidden, activation: .relu).named("hidden")
      Dense(outputs: 2)
    }
  }

  @Test func parametersComeBackUnderTheirPaths() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model.safetensors")
    let model = try network(3)
    try model.save(to: path, metadata: ["made": "here"])
    let file = try Safetensors(contentsOf: path)
    #expect(file.tensors.map(\.name) == ["hidden.weight", "hidden.bias", "1.weight", "1.bias"])
    #expect(file.metadata["made"] == "here")
    #expect(Set(file.metadata.keys) == ["architecture", "made"])
    var other = try network(3, seed: 2)
    try other.load(from: path)
    #expect(other.parameters.map(\.value) == model.parameters.map(\.value))
  }

  @Test func anotherArchitectureIsRefusedAsAWhole() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model.safetensors")
    try network(3).save(to: path)
    var wide = try network(3, hidden: 5)
    let before = wide.parameters.map(\.value)
    let wrong = message { try wide.load(from: path) }
    #expect(wrong.contains("hidden.weight is [4, 3] where the model has [5, 3]"), "\(wrong)")
    #expect(wide.parameters.map(\.value) == before)

    var deep = try Sequential(input: [3], seed: 1) {
      Dense(outputs: 4).named("hidden")
      Dense(outputs: 2)
      Dense(outputs: 2)
    }
    #expect(message { try deep.load(from: path) }.contains("2.weight [2, 2] is missing"))
    var flat = try Sequential(input: [3], seed: 1) { Dense(outputs: 4).named("hidden") }
    #expect(message { try flat.load(from: path) }.contains("1.weight is not in the model"))
  }
}
