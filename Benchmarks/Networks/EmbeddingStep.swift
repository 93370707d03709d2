import NeuralNetworks

extension NetworkStep {
  /// The family emb: the mean of a text's embedded words, and a dense layer.
  static func embeddingBag(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["vocab", "dim", "length", "out", "batch", "opt", "infer"])
    let (vocabulary, length) = (try workload.number("vocab"), try workload.number("length"))
    let classes = try workload.number("out")
    let classifier = TextClassifier(
      bag: try EmbeddingBag(vocabulary: vocabulary, dimension: workload.number("dim"))
        .initialized(for: [length], seed: 0),
      output: try Dense(outputs: classes).initialized(for: [workload.number("dim")], seed: 1))
    let words = try indices(below: vocabulary, [workload.number("batch"), length], seed: 2)
    return try classification(answers: 1, into: classes, workload, by: classifier) { classifier, pass in
      try classifier(words, in: pass)
    }
  }
}

private struct TextClassifier: Module {
  var bag: EmbeddingBag
  var output: Dense

  func callAsFunction(_ words: Indices, in pass: Pass) throws -> Tensor {
    try output(bag(words), in: pass)
  }

  mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&bag, named: "emb")
    visitor.visit(&output, named: "out")
  }
}
