import ArgumentParser
import Foundation
import NeuralNetworks

/// `benchmark serve`: steps of networks on demand, so that they can be measured in turn with other libraries'.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Measures steps of networks as they are asked for.",
    discussion: """
      A line on standard input is a workload and seconds, as in "mlp:in=784,hidden=256,out=10,batch=32 0.5"; the answer is a \
      line with the median step's microseconds. A step is built when it is first asked for, and kept.
      """)

  @Option(help: "Matrix products by \(BLAS.available.map(\.name).joined(separator: " or ")).")
  var backend = BLAS.available[0].name

  @Option(help: "Threads of a step. (default: all processors)")
  var threads: Int?

  @Flag(help: "Keep each thread on a processor of its own.")
  var pin = false

  func validate() throws {
    guard BLAS.backend(named: backend) != nil else {
      throw ValidationError("this build has no backend \"\(backend)\"")
    }
    try check(threads: threads)
  }

  func run() throws {
    if let threads { Threads.count = threads }
    if pin { try Pinning.pin(threads: Threads.count) }
    try BLAS.$backend.withValue(BLAS.backend(named: backend) ?? BLAS.backend) {
      var steps: [String: TimedStep] = [:]
      while let line = readLine() {
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count == 2, let seconds = Double(fields[1]) else {
          throw ValidationError("a line is a workload and seconds, not \"\(line)\"")
        }
        try check(seconds: seconds)
        let step = try steps[fields[0]] ?? TimedStep(NetworkStep(Workload(fields[0])))
        steps[fields[0]] = step
        try FileHandle.standardOutput.write(contentsOf: Data("\(step.median(seconds: seconds) * 1e6)\n".utf8))
      }
    }
  }
}
