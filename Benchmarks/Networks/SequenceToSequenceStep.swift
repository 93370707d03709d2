import NeuralNetworks

extension NetworkStep {
  /// The family s2s: an LSTM reads a sequence; another, begun in its last state and told the right answers, writes one and
  /// attends to what the first one gave; a dense layer over what both say.
  static func sequenceToSequence(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["vocab", "dim", "hidden", "length", "batch", "opt", "infer"])
    let (vocabulary, length) = (try workload.number("vocab"), try workload.number("length"))
    let (dimension, hidden) = (try workload.number("dim"), try workload.number("hidden"))
    func embedding(_ seed: UInt64) throws -> Embedding {
      try Embedding(vocabulary: vocabulary, dimension: dimension).initialized(for: [length], seed: seed)
    }
    func lstm(_ seed: UInt64) throws -> LSTM {
      try LSTM(hidden: hidden).initialized(for: [length, dimension], seed: seed)
    }
    let model = try EncoderDecoder(
      source: embedding(0), target: embedding(1), encoder: lstm(2), decoder: lstm(3),
      output: Dense(outputs: vocabulary).initialized(for: [2 * hidden], seed: 4))
    let words = try indices(below: vocabulary, [workload.number("batch"), length], seed: 5)
    return try classification(answers: length, into: vocabulary, workload, by: model) { model, pass in
      try model(words, words, in: pass)
    }
  }
}

private struct EncoderDecoder: Module {
  var source, target: Embedding
  var encoder, decoder: LSTM
  var output: Dense

  func callAsFunction(_ source: Indices, _ target: Indices, in pass: Pass) throws -> Tensor {
    let (read, state) = try encoder(self.source(source), state: nil, in: pass)
    let (written, _) = try decoder(self.target(target), state: state, in: pass)
    let context = try scaledDotProductAttention(
      queries: written, keys: read, values: read, heads: 1, scale: 1)
    return try output(concatenate([written, context], along: 2), in: pass)
  }

  mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&source, named: "se")
    visitor.visit(&target, named: "te")
    visitor.visit(&encoder, named: "enc")
    visitor.visit(&decoder, named: "dec")
    visitor.visit(&output, named: "out")
  }
}
