import NeuralNetworks

extension NetworkStep {
  /// The family rnn: a recurrent layer over whole sequences and a dense layer to 32 classes on every step's output.
  static func recurrent(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["kind", "steps", "inp", "hidden", "batch", "opt", "infer"])
    let (steps, inputs) = (try workload.number("steps"), try workload.number("inp"))
    let hidden = try workload.number("hidden")
    let layer: any Layer =
      switch workload.parameters["kind"] {
      case "rnn": SimpleRecurrent(hidden: hidden)
      case "lstm": LSTM(hidden: hidden)
      case "gru": GRU(hidden: hidden)
      default: throw workload.error("kind is rnn, lstm or gru")
      }
    let model = try Sequential(input: [steps, inputs], seed: 0) {
      layer
      Dense(outputs: 32)
    }
    return try classification(of: [steps, inputs], answers: steps, into: 32, workload, by: model) {
      try $0($1, in: $2)
    }
  }
}
