import ArgumentParser
import Foundation
import NeuralNetworks

/// `benchmark threads`: what sharing work costs and what it brings.
struct ThreadsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "threads",
    abstract: "Measures the cost of sharing work among threads, and how a large product scales with them.",
    discussion: """
      A fork and join is an empty parallel loop with one part a thread: hot, one after the other, and parked, 20 ms after \
      the one before. The product is single precision, 1024 rows by 1024 columns by 1024 deep unless --size says \
      otherwise; its speed-up is over one thread of the same backend.
      """)

  @Option(help: "The most threads. (default: all processors)")
  var threads: Int?

  @Option(help: "The product that is to scale: m,n,k or m,n,k,NT.")
  var size = "1024,1024,1024"

  @Option(help: "How long to measure each thing, at the least.")
  var seconds = 1.0

  @OptionGroup var options: MeasurementOptions

  func validate() throws {
    try check(threads: threads)
    try check(seconds: seconds)
    _ = try shape()
  }

  private func shape() throws -> ProductShape {
    guard let shape = ProductShape(argument: size) else {
      throw ValidationError("--size is \(ProductShape.form), not \"\(size)\"")
    }
    return shape
  }

  func run() throws {
    let most = threads ?? Threads.count
    let shape = try shape()
    try options.begin(threads: most)
    let counts = Array(1...most)
    let forks = counts.dropFirst().map { ForkJoin(threads: $0, seconds: seconds) }
    let scalings = BLAS.available.flatMap {
      Scaling.measure(shape, on: $0, threads: counts, seconds: seconds)
    }
    if options.json { return try printJSON(Report(forkJoin: forks, scaling: scalings)) }

    let forkTable = Table([("fork and join", 13), ("hot µs", 10), ("parked µs", 10)])
    Table.show(forkTable.head)
    for fork in forks {
      Table.show(
        forkTable.row([
          "\(fork.threads) threads", fork.hotMicroseconds.text(2), fork.parkedMicroseconds.text(2),
        ]))
    }
    let table = Table([("product \(shape)", 26), ("threads", 7), ("GFLOP/s", 8), ("speed-up", 8)])
    Table.show("\n" + table.head)
    for row in scalings {
      Table.show(table.row([row.backend, "\(row.threads)", row.gflops.text(1), row.speedup.text(2)]))
    }
  }

  private struct Report: Encodable {
    let forkJoin: [ForkJoin]
    let scaling: [Scaling]
  }
}
