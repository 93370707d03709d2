import Foundation
import Interchange
import Layers
import Operations
import Tensors
import TestSupport
import Testing

/// Models built again from their files alone.
@Suite struct ArchitectureTests {
  private static func images() throws -> Sequential {
    let inner = try Sequential {
      Activation.leakyRelu(slope: 0.3)
      AdaptiveAveragePool2D(Extent(height: 2, width: 3))
    }
    return try Sequential(input: [2, 8, 8], seed: 1) {
      ZeroPadding2D(Margins(top: 1, bottom: 0, left: 0, right: 1))
      Convolution2D(outputs: 4, kernel: 3, stride: 2, padding: 1, groups: 2, activation: .relu).named("first")
      BatchNorm(momentum: 0.2)
      MaxPool2D(kernel: 2, stride: 1)
      SpatialDropout(0.1)
      PReLU(perChannel: true)
      SpectralNormalized(Convolution2D(outputs: 4, kernel: 1, bias: false), iterations: 2)
      GroupNorm(groups: 2)
      Upsample(scale: 2)
      TransposedConvolution2D(outputs: 3, kernel: 2, stride: 2)
      SpectralNormalized(TransposedConvolution2D(outputs: 3, kernel: 2))
      AveragePool2D(kernel: 2)
      inner.named("inner")
      Flatten()
      Dense(outputs: 6, activation: .elu(alpha: 0.5), weightInitializer: .heNormal)
      Reshape([6, 1, 1])
      GlobalAveragePool()
      Dense(outputs: 3, bias: false)
      LogSoftmax()
    }
  }

  private static func sequences() throws -> Sequential {
    try Sequential(input: [6], seed: 1) {
      Embedding(vocabulary: 9, dimension: 4, padding: 0)
      LearnedPositions(longest: 8)
      SinusoidalPositions()
      MultiHeadAttention(heads: 2, isCausal: true, dropout: 0.1, rotary: .halves)
      TransformerEncoderLayer(heads: 2, hidden: 8, activation: .gelu, normalizesFirst: true)
      LayerNorm()
      RMSNorm()
      GRU(hidden: 3, bidirectional: true)
      LSTM(hidden: 4, layers: 2, dropout: 0.1)
      SimpleRecurrent(hidden: 4, activation: .relu, bias: false)
      Dropout(0.5)
      LastStep()
      SpectralNormalized(Dense(outputs: 3))
      Softmax()
    }
  }

  private static func channels() throws -> Sequential {
    try Sequential(input: [2, 12], seed: 1) {
      ZeroPadding1D(before: 1, after: 2)
      Convolution1D(outputs: 4, kernel: 3, dilation: 2)
      SpectralNormalized(Convolution1D(outputs: 4, kernel: 1))
      MaxPool1D(kernel: 2)
      TransposedConvolution1D(outputs: 4, kernel: 2)
      SpectralNormalized(TransposedConvolution1D(outputs: 4, kernel: 2))
      AveragePool1D(kernel: 2, countsPadding: false)
      AdaptiveAveragePool1D(2)
      Flatten()
      Activation.linear(slope: 2, intercept: 1)
    }
  }

  private static func texts() throws -> Sequential {
    try Sequential(input: [6], seed: 1) {
      EmbeddingBag(vocabulary: 9, dimension: 4, reduction: .sum, padding: 0)
      Dense(outputs: 3)
    }
  }

  private static let models: [@Sendable () throws -> Sequential] = [images, sequences, channels, texts]

  @Test(arguments: models.indices) func aSavedModelIsBuiltAgainFromItsFile(_ number: Int) throws {
    let model = try Self.models[number]()
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model.safetensors")
    try model.save(to: path)
    let loaded = try Sequential(contentsOf: path)
    #expect("\(loaded)" == "\(model)")
    #expect(loaded.state.map(\.path) == model.state.map(\.path))
    #expect(loaded.state.map(\.value) == model.state.map(\.value))
    let input = try Tensor.zeros(#require(model.input).prepending(2))
    #expect(try loaded(input) == model(input))
    #expect(try loaded(input, in: Pass(.training, seed: 3)) == model(input, in: Pass(.training, seed: 3)))
    #expect(try Architecture.description(of: loaded) == Architecture.description(of: model))
  }

  /// Every layer of the library is in one of the models above, so that a new one has to be.
  @Test func everyKindIsCovered() throws {
    let text = try Self.models.map { try Architecture.description(of: $0()) }.joined()
    for kind in LayerKinds.builtIn.names
    where !["GlobalMaxPool", "SpectralNormalized<Embedding>"].contains(kind) {
      #expect(text.contains("\"kind\":\"\(kind)\""), "\(kind)")
    }
    let folder = URL(filePath: fixture("")).appending(path: "../../Sources/Layers")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
    for file in files where file.hasSuffix(".swift") {
      let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in source.matches(of: /\npublic struct (\w+)[^\n]*: (\w*Layer)\b/) {
        let name = String(match.1)
        let isKnown = LayerKinds.builtIn.names.contains { $0 == name || $0.hasPrefix(name + "<") }
        #expect(isKnown || name == "Named", "\(name) is missing in LayerKinds")
      }
    }
  }

  private struct Doubling: Layer, Codable {
    var factor: Float = 2
    var description: String { "Doubling" }
    func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try input * factor }
    func outputShape(for input: Shape) throws -> Shape { input }
  }

  private struct Unknown: Layer {
    var description: String { "Unknown" }
    func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { input }
    func outputShape(for input: Shape) throws -> Shape { input }
  }

  @Test func layersOfOnesOwn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model.safetensors")
    let model = try Sequential(input: [3], seed: 1) {
      Dense(outputs: 2)
      Doubling(factor: 3)
    }
    try model.save(to: path)
    let loaded = try Sequential(contentsOf: path, kinds: .builtIn.adding(Doubling.self))
    #expect(try loaded(Tensor.zeros([1, 3])) == model(Tensor.zeros([1, 3])))
    #expect(
      message { _ = try Sequential(contentsOf: path) } == "\(path): no kind of layer is called \"Doubling\"")
    let other = try Sequential(input: [3], seed: 1) {
      Dense(outputs: 2)
      Unknown()
    }
    try other.save(to: path)
    #expect(message { _ = try Sequential(contentsOf: path) }.contains("does not describe its model"))
    #expect(message { _ = try Architecture.description(of: other) }.contains("Unknown is not Codable"))
    try Dense(outputs: 2).initialized(for: [3], seed: 1).save(to: path)
    #expect(message { _ = try Sequential(contentsOf: path) }.contains("holds a Dense, not a Sequential"))
  }

  /// Sizes beyond what the file holds take no memory; other tensors than described are named.
  @Test func lyingDescriptionsAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model.safetensors")
    let model = try Sequential(input: [3], seed: 1) { Dense(outputs: 2) }
    try model.save(to: path)
    let honest = try Safetensors(contentsOf: path)
    let text = try #require(honest.metadata["architecture"])
    for (from, to, words) in [
      ("\"outputs\":2", "\"outputs\":2000000000", "a model that cannot be"),
      ("\"outputs\":2", "\"outputs\":-2", "a model that cannot be"),
      ("\"outputs\":2", "\"outputs\":3", "another architecture than it describes"),
      ("[3]", "[-3]", "cannot be read"), ("[3]", "[4000000000000000000,4]", "cannot be read"),
      ("\"Dense\"", "\"Tense\"", "no kind of layer is called \"Tense\""), ("{", "[", "cannot be read"),
    ] {
      var file = honest
      file.metadata["architecture"] = text.replacing(from, with: to)
      try file.write(to: path)
      let said = message { _ = try Sequential(contentsOf: path) }
      #expect(said.contains(words), "\(to): \(said)")
    }
  }

  /// Filters and windows are those of their layer.
  @Test func layersOfOtherLayersPartsAreRefused() throws {
    for (model, from, to) in [
      (Self.images, "\"axes\":2", "\"axes\":1"), (Self.images, "\"axes\":2", "\"axes\":9223372036854775807"),
      (Self.images, "\"layer\":\"Convolution2D\"", "\"layer\":\"TransposedConvolution2D\""),
      (Self.images, "\"layer\":\"MaxPool2D\"", "\"layer\":\"AveragePool2D\""),
      (Self.channels, "\"axes\":1", "\"axes\":-9223372036854775808"),
      (Self.channels, "\"layer\":\"AveragePool1D\"", "\"layer\":\"\""),
    ] {
      let text = try Architecture.description(of: model())
      try #require(text.contains(from))
      // All at once, and each by itself.
      let parts = text.components(separatedBy: from)
      let lies =
        [text.replacing(from, with: to)]
        + (1..<parts.count).map {
          parts[..<$0].joined(separator: from) + to + parts[$0...].joined(separator: from)
        }
      for lie in lies {
        let said = message { _ = try Architecture.model(lie) }
        #expect(said.contains("cannot be read"), "\(to): \(said)")
      }
    }
  }

  @Test(arguments: models.indices) func mutatedDescriptionsAreAnErrorOrAModel(_ number: Int) throws {
    let text = Array(try Architecture.description(of: Self.models[number]()).utf8)
    try withMutations(of: text, count: 20_000, "ArchitectureTests") { mutated in
      do {
        let model = try Architecture.model(String(decoding: mutated, as: UTF8.self), most: 10_000)
        guard let model = model as? Sequential, let input = model.input, input.count <= 1000 else { return }
        _ = try model(.zeros(input.prepending(1)))
      } catch is ArchitectureError {} catch is ShapeError {}
    }
  }
}
