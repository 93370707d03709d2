import NeuralNetworks

extension NetworkStep {
  /// The family mlp: dense layers with ReLU between them, cross-entropy of `out` classes.
  static func multilayerPerceptron(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["inp", "hidden", "out", "batch", "opt", "infer"])
    let (inputs, outputs, batch) = (
      try workload.number("inp"), try workload.number("out"), try workload.number("batch")
    )
    let hidden = try workload.numbers("hidden")
    let model = try MultilayerPerceptron(
      .init(inputs: inputs, hidden: hidden, outputs: outputs), seed: 0)
    var random = RandomSource(seed: 1)
    let images = try Tensor((0..<batch * inputs).map { _ in random.uniform() }, shape: [batch, inputs])
    if workload.flag("infer") { return NetworkStep { _ = try model(images) } }
    let labels = (0..<batch).map { _ in Int.random(in: 0..<outputs, using: &random) }
    return try training(model, workload) { model in
      try softmaxCrossEntropy(model(images, in: Pass(.training)), labels)
    }
  }
}
