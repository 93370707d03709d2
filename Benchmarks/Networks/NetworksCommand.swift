import ArgumentParser
import Foundation
import NeuralNetworks

/// `benchmark networks`: training and inference steps of whole networks.
struct NetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks",
    abstract: "Measures training and inference steps of whole networks.",
    discussion: """
      A step is forward, loss, back and update on data already in memory; an infer step is forward alone. The figure is \
      the median of single steps in microseconds, after a warm-up. A workload is FAMILY:key=value,…, for example \
      mlp:in=100,hidden=50x50,out=3,batch=7 with opt=sgd or infer=1.
      """)

  @Option(help: "Presets, with commas between. (default: all)")
  var only = ""

  @Option(help: "A workload instead of the presets. May be repeated.")
  var spec: [String] = []

  @Option(help: "Matrix products by \(BLAS.available.map(\.name).joined(separator: " or ")).")
  var backend = BLAS.available[0].name

  @Option(help: "Threads of a step. (default: all processors)")
  var threads: Int?

  @Option(help: "How long to measure a workload, at the least.")
  var seconds = 2.0

  @Flag(help: "Print the presets' names and workloads instead.")
  var list = false

  @OptionGroup var options: MeasurementOptions

  func validate() throws {
    guard BLAS.backend(named: backend) != nil else {
      let names = BLAS.available.map(\.name).joined(separator: ", ")
      throw ValidationError("this build has no backend \"\(backend)\"; it has: \(names)")
    }
    try check(threads: threads)
    try check(seconds: seconds)
  }

  func run() throws {
    if list { return Presets.all.forEach { print($0.name, $0.workload) } }
    try BLAS.$backend.withValue(BLAS.backend(named: backend) ?? BLAS.backend) {
      // All before the first is measured, so that a wrong one is known at once.
      let jobs = try self.jobs()
      try options.begin(threads: threads ?? Threads.count)
      var medians: [String: Double] = [:]
      for (name, step) in jobs {
        let median = try TimedStep(step).median(seconds: seconds) * 1e6
        if !options.json { Table.show(line(name, median)) }
        medians[name] = median
      }
      if options.json { try printJSON(medians) }
    }
  }

  /// The workloads asked for by name or as they are.
  private func jobs() throws -> [(name: String, step: NetworkStep)] {
    if !spec.isEmpty { return try spec.map { ($0, try NetworkStep(Workload($0))) } }
    let names = only.split(separator: ",").map(String.init)
    if let unknown = names.first(where: { name in !Presets.all.contains { $0.name == name } }) {
      let known = Presets.all.map(\.name).joined(separator: ", ")
      throw WorkloadError(description: "--only: there is no preset \"\(unknown)\"; there are \(known)")
    }
    guard names.isEmpty else {
      return try Presets.all.filter { names.contains($0.name) }.map {
        ($0.name, try NetworkStep(Workload($0.workload)))
      }
    }
    return try Presets.all.map { ($0.name, try NetworkStep(Workload($0.workload))) }
  }

  /// "mlp-b32                         749.1 us"
  private func line(_ name: String, _ microseconds: Double) -> String {
    func spaces(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count))
    }
    let number = microseconds.text(1)
    return name + spaces(name, 24) + " " + spaces(number, 12) + number + " us"
  }
}
