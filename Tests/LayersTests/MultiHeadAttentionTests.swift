import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct MultiHeadAttentionTests {
  @Test(arguments: [
    MultiHeadAttention(heads: 2), MultiHeadAttention(heads: 1, isCausal: true),
    MultiHeadAttention(heads: 2, rotary: .halves),
  ]) func passesTheChecksOfALayer(_ layer: MultiHeadAttention) throws {
    try checkLayer(
      layer, input: [3, 4], output: [3, 4],
      parameters: [
        "in_proj_weight": [12, 4], "in_proj_bias": [12], "out_proj.weight": [4, 4], "out_proj.bias": [4],
      ], wrongInput: [3, 5])
    try checkLayer(
      MultiHeadAttention(heads: 3, bias: false), input: [1, 3], output: [1, 3],
      parameters: ["in_proj_weight": [9, 3], "out_proj.weight": [3, 3]], wrongInput: [3])
  }

  private struct Settings: Decodable {
    let heads: Int
    var isCausal: Bool?
    var bias: Bool?
    var lengths: [Int]?
  }

  @Test(arguments: try ReferenceCase.all(in: "multi-head-attention"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    let inputs = reference.inputs
    let layer = try MultiHeadAttention(
      heads: settings.heads, isCausal: settings.isCausal ?? false, bias: settings.bias ?? true
    ).initialized(for: inputs[0].shape.droppingFirst, seed: 1)
    let mask = AttentionMask(lengths: settings.lengths)
    try checkModule(layer, against: reference) { layer, inputs, pass in
      switch inputs.count {
      case 1: try layer(inputs[0], mask: mask, in: pass)
      case 2: try layer(queries: inputs[0], keys: inputs[1], values: inputs[1], mask: mask, in: pass)
      default: try layer(queries: inputs[0], keys: inputs[1], values: inputs[2], mask: mask, in: pass)
      }
    }
  }

  @Test(arguments: [RotaryPairing?.none, .neighbours]) func aCachedRunEqualsTheWholeOne(
    _ rotary: RotaryPairing?
  )
    throws
  {
    let layer = try MultiHeadAttention(heads: 2, isCausal: true, rotary: rotary)
      .initialized(for: [7, 4], seed: 1)
    let x = Tensor.normal([2, 7, 4], seed: 2)
    let whole = try layer(x)
    var cache = AttentionCache()
    // A beginning of three, then one by one, then two, as a prompt and its continuation.
    for elements in [0..<3, 3..<4, 4..<5, 5..<7] {
      let output = try layer(part(of: x, elements), cache: &cache)
      expectClose(output.array, part(of: whole, elements).array, tolerance: 2e-6, "\(elements)")
      #expect(cache.length == elements.upperBound)
    }
  }

  @Test func aRememberedSequenceEqualsTheSequence() throws {
    let layer = try MultiHeadAttention(heads: 2, rotary: .neighbours).initialized(for: [3, 4], seed: 1)
    let (x, memory) = (Tensor.normal([2, 3, 4], seed: 2), Tensor.normal([2, 5, 4], seed: 3))
    let mask = AttentionMask(lengths: [5, 2])
    let remembered = try layer.remembering(memory)
    #expect(
      try layer(queries: x, of: remembered, mask: mask)
        == layer(queries: x, keys: memory, values: memory, mask: mask))
    #expect(throws: ShapeError.self) { try layer(queries: x, of: AttentionCache()) }
    #expect(throws: ShapeError.self) { try layer.remembering(.zeros([2, 5, 3])) }
  }

  @Test func aCopiedCacheIsASecondContinuation() throws {
    let layer = try MultiHeadAttention(heads: 1, isCausal: true).initialized(for: [2, 4], seed: 1)
    let x = Tensor.normal([1, 4, 4], seed: 2)
    var cache = AttentionCache()
    _ = try layer(part(of: x, 0..<2), cache: &cache)
    var other = cache
    let first = try layer(part(of: x, 2..<3), cache: &cache)
    _ = try layer(part(of: x, 3..<4), cache: &other)
    _ = try layer(part(of: x, 3..<4), cache: &cache)
    #expect((cache.length, other.length) == (4, 3))
    #expect(first.isFinite)
  }

  @Test func dropoutIsForTrainingOnly() throws {
    let layer = try MultiHeadAttention(heads: 2, dropout: 0.5).initialized(for: [5, 4], seed: 1)
    let x = Tensor.normal([2, 5, 4], seed: 2)
    let first = try layer(x, in: Pass(.training, seed: 3))
    #expect(try layer(x, in: Pass(.training, seed: 3)) == first)
    #expect(try layer(x, in: Pass(.training, seed: 4)) != first)
    #expect(try layer(x) == layer(x, in: Pass(.inference, seed: 4)))
    for rate in [-0.5, 1, Float.nan] {
      #expect(throws: ShapeError.self) {
        try MultiHeadAttention(heads: 2, dropout: rate).initialized(for: [5, 4], seed: 1)
      }
    }
  }

  @Test func whatDoesNotFitThrows() throws {
    for (heads, input) in [
      (3, [2, 4]), (0, [2, 4]), (-2, [2, 4]), (2, [4]), (1, [2, 1 << 20]), (1, [2, 0]),
    ] {
      #expect(throws: ShapeError.self) {
        try MultiHeadAttention(heads: heads).initialized(for: Shape(input), seed: 1)
      }
    }
    #expect(throws: ShapeError.self) {
      try MultiHeadAttention(heads: 2, rotary: .halves).initialized(for: [2, 6], seed: 1)
    }
    let x = Tensor.zeros([2, 3, 4])
    #expect(throws: ShapeError.self) { try MultiHeadAttention(heads: 2)(x) }
    let layer = try MultiHeadAttention(heads: 2).initialized(for: [3, 4], seed: 1)
    #expect(throws: ShapeError.self) { try layer(.zeros([3, 4])) }
    #expect(throws: ShapeError.self) { try layer(x, mask: AttentionMask(lengths: [4, 1])) }
    #expect(throws: ShapeError.self) { try layer(queries: x, keys: .zeros([2, 5, 4]), values: x) }
    var cache = AttentionCache()
    #expect(throws: ShapeError.self) { try layer(x, cache: &cache) }
    let causal = try MultiHeadAttention(heads: 2, isCausal: true).initialized(for: [3, 4], seed: 1)
    _ = try causal(x, cache: &cache)
    #expect(throws: ShapeError.self) { try causal(.zeros([1, 1, 4]), cache: &cache) }
    #expect(cache.length == 3)
  }

  @Test func printsAsTheCallThatMakesIt() {
    #expect("\(MultiHeadAttention(heads: 4))" == "MultiHeadAttention(heads: 4)")
    #expect(
      "\(MultiHeadAttention(heads: 4, isCausal: true, bias: false, dropout: 0.5, rotary: .halves))"
        == "MultiHeadAttention(heads: 4, causal, no bias, dropout: 0.5, rotary: halves)")
  }
}

/// Some elements of each sequence.
private func part(of x: Tensor, _ elements: Range<Int>) -> Tensor {
  Tensor(shape: [x.shape[0], elements.count, x.shape[2]]) { part in
    var index = 0
    for example in 0..<x.shape[0] {
      for element in elements {
        for column in 0..<x.shape[2] {
          part[index] = x[example, element, column]
          index += 1
        }
      }
    }
  }
}
