import ArgumentParser
import Foundation
import NeuralNetworks
import Synchronization

/// `neural compare`: the same network trained with each backend.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains one network with each backend and compares speed and answers.")

  @OptionGroup var source: DataOptions
  @OptionGroup var training: TrainingOptions

  @Option(help: "The hidden layers' neurons, with commas between.")
  var hidden = "256,128"

  @Option(help: "Threads of a matrix product. (default: all processors)")
  var threads: Int?

  func run() throws {
    if let threads { Threads.count = max(1, threads) }
    let data = try source.load()
    let configuration = try MultilayerPerceptron.Configuration(for: data.training, hidden: hidden)
    let loss: Loss = data.training.targets.hasLabels ? .softmaxCrossEntropy : .meanSquaredError
    let start = try MultilayerPerceptron(configuration, seed: training.seed)
    print(start.layers.summary)
    print(CPUFeatures.description)

    var runs: [Run] = []
    for backend in BLAS.available {
      print(
        "\n\(backend.name): \(training.epochs) epochs, \(data.training.count) examples, \(Threads.count) threads"
      )
      runs.append(try train(start, data, loss, on: backend))
    }
    print("\n" + table(runs))
    if runs.count == 2 {
      let probabilities = try runs.map { try $0.probabilities(of: data.test.inputs, on: $0.backend) }
      let crossed = try runs[0].probabilities(of: data.test.inputs, on: runs[1].backend)
      print("Largest difference between the backends' predictions on the test examples:")
      print(
        String(
          format: "  each with the network it trained  %.2g",
          probabilities[0].largestDifference(from: probabilities[1])))
      print(
        String(
          format: "  both with the same network        %.2g",
          probabilities[0].largestDifference(from: crossed)))
    }
  }

  private func train(
    _ start: MultilayerPerceptron, _ data: (training: Examples, test: Examples), _ loss: Loss,
    on backend: any BLASBackend
  ) throws -> Run {
    let meter = ProductMeter()
    return try BLAS.$backend.withValue(ObservedBackend(backend, observer: meter.add)) {
      var model = start
      let report = TrainingReport(json: false, examples: data.training.count)
      var trainer = training.trainer(for: loss)
      let history = try trainer.fit(
        &model, to: data.training, validation: data.test, epochs: training.epochs,
        batchSize: training.batchSize,
        seed: training.seed, report: report.show)
      return Run(backend: backend, model: model, history: history, gigaflops: meter.gigaflops)
    }
  }

  private func table(_ runs: [Run]) -> String {
    let head = "backend    test accuracy   seconds per epoch   GFLOP/s of the products\n"
    return runs.reduce(head) { text, run in
      let last = run.history.last
      let seconds = run.history.map(\.seconds).reduce(0, +) / Double(max(1, run.history.count))
      let accuracy = last?.validation?.accuracy.map { String(format: "%.4f", $0) } ?? "-"
      func column(_ text: String, _ width: Int) -> String {
        text.padding(toLength: width, withPad: " ", startingAt: 0)
      }
      return text + column(run.backend.name, 11) + column(accuracy, 16)
        + column(String(format: "%.2f", seconds), 20)
        + String(format: "%.1f", run.gigaflops) + "\n"
    }
  }
}

/// What training with one backend came to.
private struct Run {
  let backend: any BLASBackend
  let model: MultilayerPerceptron
  let history: [EpochReport]
  let gigaflops: Double

  func probabilities(of inputs: Tensor, on backend: any BLASBackend) throws -> Tensor {
    try BLAS.$backend.withValue(backend) { try softmax(model.predict(inputs)) }
  }
}

extension Tensor {
  fileprivate func largestDifference(from other: Tensor) -> Float {
    zip(array, other.array).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}

/// Adds up the products of a run.
private final class ProductMeter: Sendable {
  private let total = Mutex((flops: 0, seconds: 0.0))

  var gigaflops: Double { total.withLock { $0.seconds > 0 ? Double($0.flops) / $0.seconds / 1e9 : 0 } }

  func add(_ product: ObservedBackend.Product, _ duration: Duration) {
    total.withLock { total in
      total.flops += product.flops
      total.seconds += duration / .seconds(1)
    }
  }
}
