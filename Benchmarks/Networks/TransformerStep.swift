import NeuralNetworks

extension NetworkStep {
  /// The family tfm: a causal transformer, normalized first, that tells the next symbol at each place of a text.
  static func transformer(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["vocab", "dim", "heads", "layers", "length", "batch", "opt", "infer"])
    let (vocabulary, length) = (try workload.number("vocab"), try workload.number("length"))
    let (dimension, heads) = (try workload.number("dim"), try workload.number("heads"))
    let layers = try workload.number("layers")
    let model = try Sequential(input: [length], seed: 0) {
      Embedding(vocabulary: vocabulary, dimension: dimension)
      LearnedPositions(longest: length)
      for _ in 0..<layers {
        TransformerEncoderLayer(
          heads: heads, hidden: 4 * dimension, activation: .geluTanh, dropout: 0, normalizesFirst: true,
          isCausal: true)
      }
      LayerNorm()
      Dense(outputs: vocabulary)
    }
    let words = try indices(below: vocabulary, [workload.number("batch"), length], seed: 1)
    let symbols = try Tensor(words.elements.map { Float($0) }, shape: words.shape)
    return try classification(answers: length, into: vocabulary, workload, by: model) { model, pass in
      try model(symbols, in: pass)
    }
  }
}
