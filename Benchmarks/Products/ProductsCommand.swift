import ArgumentParser
import Foundation
import NeuralNetworks

extension Precision: ExpressibleByArgument {}

/// `benchmark products`: matrix products of both backends, in turn.
struct ProductsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Measures matrix products of both backends in turn, in one process.",
    discussion: """
      A rate is 2·m·n·k over the median of many short samples, ± half the distance between the quartiles. The ratio is \
      OpenBLAS's time over Swift's, the median over neighbouring samples: above 1, Swift is faster. OpenBLAS is measured \
      as shipped and with OPENBLAS_CORETYPE set to Haswell and, where it runs, SkylakeX, each in a process of its own, \
      and the best is shown. \
      The residual is ‖C·t − A·(B·t)‖ / ‖|A|·(|B|·|t|)‖ of Swift's C for a random t. The peak is what one thread does \
      with multiply-adds in registers, measured in turn with the products, times the threads.
      """)

  @Option(help: "A product instead of the usual ones: m,n,k or m,n,k,NT. May be repeated.")
  var size: [String] = []

  @Option(help: "single or double.")
  var precision = Precision.single

  @Option(help: "Threads of a product.")
  var threads = 1

  @Option(help: "How long to measure a product, at the least.")
  var seconds = 0.5

  @Option(help: "Write a plot of the squares' rates to this SVG file.")
  var plot: String?

  @OptionGroup var options: MeasurementOptions

  /// Measures on OpenBLAS's core type of this process alone.
  @Flag(help: .hidden)
  var inThisProcess = false

  func validate() throws {
    try check(threads: threads)
    try check(seconds: seconds)
    _ = try shapes()
  }

  private func shapes() throws -> [ProductShape] {
    guard !size.isEmpty else { return ProductShape.squares + ProductShape.networks }
    return try size.map { text in
      guard let shape = ProductShape(argument: text) else {
        throw ValidationError("--size is \(ProductShape.form), not \"\(text)\"")
      }
      return shape
    }
  }

  func run() throws {
    let shapes = try shapes()
    let cores = try self.cores()
    let names = cores.isEmpty ? nil : cores.map(\.name).joined(separator: " and ")
    try options.begin(threads: threads, core: names, pinsHere: cores.isEmpty)
    if !options.json { Table.show(ProductRow.table.head) }
    var rows: [ProductRow] = []
    for shape in shapes {
      let row = try measure(shape, on: cores)
      if !options.json { Table.show(ProductRow.table.row(row.cells)) }
      rows.append(row)
    }
    if let plot { try ProductPlot(rows).write(to: plot) }
    if options.json { return try printJSON(rows) }
    let ratios = rows.compactMap(\.ratio)
    if let least = ratios.min() {
      Table.show(
        "\nGeometric mean of the ratios \(ratios.geometricMean.text(3)), the least \(least.text(3)).")
    }
  }

  /// OpenBLAS's core types, each for a child process; none where this process measures.
  private func cores() throws -> [OpenBLASCore] {
    #if OpenBLAS
      return inThisProcess ? [] : try OpenBLASCore.measured()
    #else
      return []
    #endif
  }

  private func measure(_ shape: ProductShape, on cores: [OpenBLASCore]) throws -> ProductRow {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let arguments =
      [
        "products", "--in-this-process", "--json", "--no-head", "--size", "\(shape)", "--precision",
        precision.rawValue, "--threads", "\(threads)", "--seconds", "\(seconds)",
      ] + (options.pin ? ["--pin"] : [])
    let rows = try cores.flatMap { try decoder.decode([ProductRow].self, from: $0.run(arguments)) }
    return ProductRow.atTheBar(rows)
      ?? ProductMeasurement(
        shape: shape, precision: precision, threads: threads, pinned: options.pin, seconds: seconds
      ).row()
  }
}
