import NeuralNetworks

/// One step of a workload: forward, loss, back and update on data in memory, or with `infer` forward alone.
struct NetworkStep {
  /// Takes the step.
  let run: () throws -> Void

  /// Builds the network and the data of a workload.
  ///
  /// - Throws: ``WorkloadError`` if the family, the optimizer or a size is none.
  init(_ workload: Workload) throws {
    switch workload.family {
    case "mlp": self = try .multilayerPerceptron(workload)
    case "cnn": self = try .convolutional(workload)
    case "gan": self = try .adversarial(workload)
    case "rnn": self = try .recurrent(workload)
    case "emb": self = try .embeddingBag(workload)
    case "s2s": self = try .sequenceToSequence(workload)
    default:
      throw workload.error(
        "unknown family \"\(workload.family)\"; there are mlp, cnn, gan, rnn, emb, tfm and s2s")
    }
  }

  init(run: @escaping () throws -> Void) { self.run = run }

  /// The optimizer that a workload asks for, with the peers' learning rate.
  static func optimizer(_ workload: Workload) throws -> any Optimizer {
    switch workload.parameters["opt"] ?? "sgd" {
    case "sgd": return SGD(learningRate: 1e-3)
    case "adam": return Adam(learningRate: 1e-4)
    case let other: throw workload.error("opt is sgd or adam, not \"\(other)\"")
    }
  }

  /// A step of a classifier of random examples, each with `answers` places to be labelled.
  static func classification<Model: Module>(
    of example: Shape, answers: Int = 1, into classes: Int, _ workload: Workload, by model: Model,
    _ call: @escaping (Model, _ input: Tensor, Pass) throws -> Tensor
  ) throws -> NetworkStep {
    var random = RandomSource(seed: 1)
    let input = try uniform(example.prepending(workload.number("batch")), &random) { $0 }
    return try classification(answers: answers, into: classes, workload, by: model) { model, pass in
      try call(model, input, pass)
    }
  }

  /// A step that trains `model` in place by the cross-entropy of its scores; with `infer`, one that takes the scores alone.
  ///
  /// - Parameters:
  ///   - answers: the places of an example that are labelled, at random.
  ///   - call: the scores, `[batch, …, classes]`.
  static func classification<Model: Module>(
    answers: Int, into classes: Int, _ workload: Workload, by model: Model,
    _ call: @escaping (Model, Pass) throws -> Tensor
  ) throws -> NetworkStep {
    if workload.flag("infer") { return NetworkStep { _ = try call(model, .inference) } }
    let places = try workload.number("batch") * answers
    var random = RandomSource(seed: 3)
    let labels = (0..<places).map { _ in Int.random(in: 0..<classes, using: &random) }
    var model = model
    var optimizer = try optimizer(workload)
    return NetworkStep {
      let pass = Pass(.training)
      let (_, gradients) = try model.valueAndGradients { model in
        try softmaxCrossEntropy(reshape(call(model, pass), to: [places, classes]), labels)
      }
      try optimizer.update(&model, with: gradients)
      pass.commit(to: &model)
    }
  }

  /// Numbers of [0, 1), each put through `map`.
  static func uniform(_ shape: Shape, _ random: inout RandomSource, _ map: (Float) -> Float) -> Tensor {
    Tensor(shape: shape) { for index in $0.indices { $0[index] = map(random.uniform()) } }
  }

  /// Numbers from 0 to below `limit`.
  static func indices(below limit: Int, _ shape: Shape, seed: UInt64) throws -> Indices {
    var random = RandomSource(seed: seed)
    return try Indices((0..<shape.count).map { _ in Int.random(in: 0..<limit, using: &random) }, shape: shape)
  }
}
