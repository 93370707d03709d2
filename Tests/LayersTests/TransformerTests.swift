import Layers
import Operations
import Tensors
import TestSupport
import Testing

/// A decoder's block that looks at a memory of its own, so that it has one input, as a layer has.
private struct Informed: Layer {
  var block: TransformerDecoderLayer

  func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try block(input, memory: .normal([input.shape[0], 3, 4], seed: 5), in: pass)
  }

  func outputShape(for input: Shape) throws -> Shape { try block.outputShape(for: input, memory: [3, 4]) }

  mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    try block.initialize(for: input, using: &random)
  }

  mutating func visit(_ visitor: inout ModuleVisitor) { block.visit(&visitor) }

  var description: String { "\(block)" }
}

@Suite(.onEveryBackend) struct TransformerTests {
  @Test func theDecoderPassesTheChecksOfALayer() throws {
    for isFirst in [false, true] {
      var parameters: [String: Shape] = [
        "linear1.weight": [3, 4], "linear1.bias": [3], "linear2.weight": [4, 3], "linear2.bias": [4],
      ]
      for name in ["self_attn", "multihead_attn"] {
        parameters["\(name).in_proj_weight"] = [12, 4]
        parameters["\(name).in_proj_bias"] = [12]
        parameters["\(name).out_proj.weight"] = [4, 4]
        parameters["\(name).out_proj.bias"] = [4]
      }
      for name in ["norm1", "norm2", "norm3"] {
        parameters["\(name).weight"] = [4]
        parameters["\(name).bias"] = [4]
      }
      try checkLayer(
        Informed(
          block: TransformerDecoderLayer(heads: 2, hidden: 3, activation: .gelu, normalizesFirst: isFirst)),
        input: [2, 4], output: [2, 4], parameters: parameters, wrongInput: [2, 5])
    }
  }

  @Test func theDecodersOutputHasTheShapeOfItsInput() throws {
    let new = TransformerDecoderLayer(heads: 2, hidden: 5)
    for block in [new, try new.initialized(for: [3, 4], seed: 1)] {
      #expect(try block.outputShape(for: [3, 4], memory: [7, 4]) == [3, 4])
      for (input, memory) in [([3, 4], [7, 6]), ([3, 4], [4]), ([3, 5], [7, 5]), ([4], [7, 4])]
        as [(Shape, Shape)]
      {
        let error = #expect(throws: ShapeError.self) { try block.outputShape(for: input, memory: memory) }
        #expect(error?.site == "\(block)")
      }
    }
    let unfit = TransformerDecoderLayer(heads: 2, hidden: 0)
    #expect(throws: ShapeError.self) { try unfit.outputShape(for: [3, 4], memory: [3, 4]) }
  }

  @Test func theEncoderPassesTheChecksOfALayer() throws {
    for isFirst in [false, true] {
      try checkLayer(
        TransformerEncoderLayer(heads: 2, hidden: 3, activation: .gelu, normalizesFirst: isFirst),
        input: [2, 4], output: [2, 4],
        parameters: [
          "self_attn.in_proj_weight": [12, 4], "self_attn.in_proj_bias": [12],
          "self_attn.out_proj.weight": [4, 4], "self_attn.out_proj.bias": [4],
          "linear1.weight": [3, 4], "linear1.bias": [3], "linear2.weight": [4, 3], "linear2.bias": [4],
          "norm1.weight": [4], "norm1.bias": [4], "norm2.weight": [4], "norm2.bias": [4],
        ], wrongInput: [2, 5])
    }
  }

  private struct Settings: Decodable {
    let heads: Int
    let hidden: Int
    let activation: Activation
    let normFirst: Bool
    var isCausal: Bool?
    var lengths: [Int]?

    private enum CodingKeys: String, CodingKey {
      case heads, hidden, activation, normFirst, isCausal, lengths
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      heads = try values.decode(Int.self, forKey: .heads)
      hidden = try values.decode(Int.self, forKey: .hidden)
      activation = try values.decode(String.self, forKey: .activation) == "gelu" ? .gelu : .relu
      normFirst = try values.decode(Bool.self, forKey: .normFirst)
      isCausal = try values.decodeIfPresent(Bool.self, forKey: .isCausal)
      lengths = try values.decodeIfPresent([Int].self, forKey: .lengths)
    }
  }

  @Test(arguments: try ReferenceCase.all(in: "transformer-encoder-layer"))
  func theEncoderAgreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    let input = try #require(reference.inputs.first)
    let block = try TransformerEncoderLayer(
      heads: settings.heads, hidden: settings.hidden, activation: settings.activation, dropout: 0,
      normalizesFirst: settings.normFirst, isCausal: settings.isCausal ?? false
    ).initialized(for: input.shape.droppingFirst, seed: 1)
    let mask = AttentionMask(lengths: settings.lengths)
    try checkModule(block, against: reference) { try $0($1[0], mask: mask, in: $2) }
  }

  @Test(arguments: try ReferenceCase.all(in: "transformer-decoder-layer"))
  func theDecoderAgreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    let input = try #require(reference.inputs.first)
    let block = try TransformerDecoderLayer(
      heads: settings.heads, hidden: settings.hidden, activation: settings.activation, dropout: 0,
      normalizesFirst: settings.normFirst
    ).initialized(for: input.shape.droppingFirst, seed: 1)
    let mask = AttentionMask(lengths: settings.lengths)
    try checkModule(block, against: reference) { try $0($1[0], memory: $1[1], memoryMask: mask, in: $2) }
  }

  @Test func cachedRunsEqualTheWholeOnes() throws {
    let x = Tensor.normal([2, 4, 4], seed: 2)
    let memory = Tensor.normal([2, 3, 4], seed: 3)
    let encoder = try TransformerEncoderLayer(heads: 2, hidden: 5, normalizesFirst: true, isCausal: true)
      .initialized(for: [4, 4], seed: 1)
    let decoder = try TransformerDecoderLayer(heads: 2, hidden: 5).initialized(for: [4, 4], seed: 1)
    let (encoded, decoded) = try (encoder(x), decoder(x, memory: memory))
    var (first, second) = try (AttentionCache(), decoder.cache(for: memory))
    for place in 0..<4 {
      let element = try slice(x, place..<place + 1, along: 1)
      expectClose(
        try encoder(element, cache: &first).array,
        try slice(encoded, place..<place + 1, along: 1).array, tolerance: 5e-6)
      expectClose(
        try decoder(element, cache: &second).array,
        try slice(decoded, place..<place + 1, along: 1).array, tolerance: 5e-6)
    }
  }

  @Test func dropoutIsForTrainingOnly() throws {
    let x = Tensor.normal([2, 3, 4], seed: 2)
    let encoder = try TransformerEncoderLayer(heads: 2, hidden: 5, dropout: 0.5).initialized(
      for: [3, 4], seed: 1)
    let first = try encoder(x, in: Pass(.training, seed: 3))
    #expect(try encoder(x, in: Pass(.training, seed: 3)) == first)
    #expect(try encoder(x, in: Pass(.training, seed: 4)) != first)
    #expect(try encoder(x) == encoder(x, in: Pass(.inference, seed: 4)))
    let decoder = try TransformerDecoderLayer(heads: 2, hidden: 5, dropout: 0.5).initialized(
      for: [3, 4], seed: 1)
    #expect(try decoder(x, memory: x, in: Pass(.training, seed: 3)) != decoder(x, memory: x))
  }

  @Test func whatDoesNotFitThrows() throws {
    for block in [
      TransformerEncoderLayer(heads: 3, hidden: 5), TransformerEncoderLayer(heads: 2, hidden: 0),
      TransformerEncoderLayer(heads: 2, hidden: -1), TransformerEncoderLayer(heads: 2, hidden: .max),
      TransformerEncoderLayer(heads: 2, hidden: 5, dropout: 1), TransformerEncoderLayer(heads: 0, hidden: 5),
    ] {
      #expect(throws: ShapeError.self) { try block.initialized(for: [3, 4], seed: 1) }
    }
    #expect(throws: ShapeError.self) {
      try TransformerDecoderLayer(heads: 2, hidden: 0).initialized(for: [3, 4], seed: 1)
    }
    #expect(throws: ShapeError.self) { try TransformerEncoderLayer(heads: 2, hidden: 5)(.zeros([1, 3, 4])) }
    let encoder = try TransformerEncoderLayer(heads: 2, hidden: 5).initialized(for: [3, 4], seed: 1)
    var cache = AttentionCache()
    #expect(throws: ShapeError.self) { try encoder(.zeros([1, 3, 4]), cache: &cache) }
    let decoder = try TransformerDecoderLayer(heads: 2, hidden: 5).initialized(for: [3, 4], seed: 1)
    #expect(throws: ShapeError.self) { try decoder(.zeros([1, 3, 4]), memory: .zeros([2, 3, 4])) }
    #expect(throws: ShapeError.self) { try decoder(.zeros([1, 3, 4]), memory: .zeros([1, 3, 6])) }
    #expect(throws: ShapeError.self) { try decoder(.zeros([1, 3, 5]), memory: .zeros([1, 3, 4])) }
  }

  @Test func printAsTheCallThatMakesThem() {
    #expect(
      "\(TransformerEncoderLayer(heads: 2, hidden: 8, normalizesFirst: true, isCausal: true))"
        == "TransformerEncoderLayer(heads: 2, hidden: 8, relu, dropout: 0.1, normalizes first, causal)")
    #expect(
      "\(TransformerDecoderLayer(heads: 2, hidden: 8, activation: .gelu, dropout: 0))"
        == "TransformerDecoderLayer(heads: 2, hidden: 8, gelu, dropout: 0.0)")
  }
}
