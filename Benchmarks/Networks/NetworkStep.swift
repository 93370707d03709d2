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
    case "cnn", "gan", "rnn", "emb", "tfm", "s2s":
      throw workload.error("not yet: the family \(workload.family); so far there is mlp")
    default:
      throw workload.error("unknown family \"\(workload.family)\"; so far there is mlp")
    }
  }

  init(run: @escaping () throws -> Void) { self.run = run }

  /// The optimizer that a workload asks for, with the peers' learning rate.
  static func optimizer(_ workload: Workload) throws -> any Optimizer {
    switch workload.parameters["opt"] ?? "sgd" {
    case "sgd": return SGD(learningRate: 1e-3)
    case "adam": throw workload.error("not yet: opt=adam; so far there is sgd")
    case let other: throw workload.error("opt is sgd or adam, not \"\(other)\"")
    }
  }

  /// A step that trains `model` in place by the loss that `loss` computes with it.
  static func training<Model: Layer>(
    _ model: Model, _ workload: Workload, loss: @escaping (Model) throws -> Tensor
  ) throws -> NetworkStep {
    var model = model
    var optimizer = try optimizer(workload)
    return NetworkStep {
      let (_, gradients) = try model.valueAndGradients(of: loss)
      try optimizer.update(&model, with: gradients)
    }
  }
}
