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
      otherwise; its speed-up is over one thread of the same backend. The last table compares two policies for products by \
      OpenBLAS: threads of its own, and the library's, which have it compute a part each; with the pass, the library's \
      threads then rectify the product's elements, as between the layers of a network.
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
    var report = Report(forkJoin: forks, scaling: scalings)
    #if OpenBLAS
      if most > 1 {
        report.ownership = ["64,64,64", "128,256,784", "256,256,256", size].compactMap(ProductShape.init).map
        {
          Ownership($0, threads: most, seconds: seconds)
        }
      }
    #endif
    if options.json { return try printJSON(report) }

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
    #if OpenBLAS
      if !report.ownership.isEmpty { show(report.ownership) }
    #endif
  }

  #if OpenBLAS
    private func show(_ rows: [Ownership]) {
      let table = Table([
        ("µs on \(rows[0].threads) threads", 17), ("OpenBLAS's", 10), ("library's", 10),
        ("OpenBLAS's + pass", 10),
        ("library's + pass", 10),
      ])
      Table.show("\n" + table.head)
      for row in rows {
        Table.show(
          table.row([
            row.product, row.openblasMicroseconds.text(1), row.libraryMicroseconds.text(1),
            row.openblasWithPassMicroseconds.text(1), row.libraryWithPassMicroseconds.text(1),
          ]))
      }
    }
  #endif

  private struct Report: Encodable {
    let forkJoin: [ForkJoin]
    let scaling: [Scaling]
    #if OpenBLAS
      var ownership: [Ownership] = []
    #endif
  }
}
