import ArgumentParser
import Foundation
import NeuralNetworks
import Synchronization

/// `neural compare`: the same network trained with each backend.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains one network with each backend and compares speed and answers.")

  @OptionGroup var network: MultilayerPerceptronOptions
  @OptionGroup var source: DataOptions
  @OptionGroup var training: TrainingOptions

  @Option(help: "Threads of a matrix product. (default: all processors)")
  var threads: Int?

  func validate() throws {
    try check("--threads", threads)
  }

  func run() throws {
    if let threads { Threads.count = threads }
    let data = try source.load()
    let start = try network.network(for: data.training, seed: training.seed)
    try StandardOutput.print(start.model.summary + "\n" + CPUFeatures.description)

    var runs: [Run] = []
    for backend in BLAS.available {
      try StandardOutput.print(
        "\n\(backend.name): \(training.epochs ?? RecipeDefaults().epochs) epochs, \(data.training.count) examples, \(Threads.count) threads"
      )
      runs.append(try train(start, data, on: backend))
    }
    try StandardOutput.print("\n" + table(runs))
    guard runs.count == 2 else { return }
    let own = try runs.map { try $0.predictions(for: data.test.inputs, on: $0.backend) }
    let crossed = try runs[0].predictions(for: data.test.inputs, on: runs[1].backend)
    try StandardOutput.print(
      "Largest difference between the backends' predictions on the test examples:\n"
        + String(format: "  each with the network it trained  %.2g\n", own[0].largestDifference(from: own[1]))
        + String(format: "  both with the same network        %.2g", own[0].largestDifference(from: crossed)))
  }

  private func train(
    _ start: SavedNetwork, _ data: (training: Examples, test: Examples), on backend: any BLASBackend
  ) throws -> Run {
    let meter = ProductMeter()
    return try BLAS.$backend.withValue(ObservedBackend(backend, observer: meter.add)) {
      var network = start
      var course = try training.course(
        RecipeDefaults(), loss: network.loss, report: TrainingReport(.progress))
      let history = try course.fit(&network.model, to: data)
      return Run(backend: backend, network: network, history: history, gigaflops: meter.gigaflops)
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
  let network: SavedNetwork
  let history: [EpochReport]
  let gigaflops: Double

  /// A classifier's probabilities, or the values of a regression.
  func predictions(for inputs: Tensor, on backend: any BLASBackend) throws -> Tensor {
    try BLAS.$backend.withValue(backend) {
      let outputs = try network.model.predict(inputs)
      return network.loss == .softmaxCrossEntropy ? try softmax(outputs) : outputs
    }
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
