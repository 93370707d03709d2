import NeuralNetworks

extension NetworkStep {
  /// The family mlp: dense layers with ReLU between them, cross-entropy of `out` classes.
  static func multilayerPerceptron(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["inp", "hidden", "out", "batch", "opt", "infer"])
    let (inputs, outputs) = (try workload.number("inp"), try workload.number("out"))
    let hidden = try workload.numbers("hidden")
    let model = try MultilayerPerceptron(
      .init(inputs: inputs, hidden: hidden, outputs: outputs), seed: 0)
    return try classification(of: [inputs], into: outputs, workload, by: model) { try $0($1, in: $2) }
  }
}
