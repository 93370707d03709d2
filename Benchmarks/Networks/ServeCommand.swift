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

  func validate() throws {
    guard BLAS.backend(named: backend) != nil else {
      throw ValidationError("this build has no backend \"\(backend)\"")
    }
    if let threads, threads < 1 { throw ValidationError("--threads is at least 1, not \(threads)") }
  }

  func run() throws {
    if let threads { Threads.count = threads }
    try BLAS.$backend.withValue(BLAS.backend(named: backend) ?? BLAS.backend) {
      var steps: [String: TimedStep] = [:]
      while let line = readLine() {
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count == 2, let seconds = Double(fields[1]), seconds > 0 else {
          throw ValidationError("a line is a workload and seconds, not \"\(line)\"")
        }
        let step = try steps[fields[0]] ?? TimedStep(NetworkStep(Workload(fields[0])))
        steps[fields[0]] = step
        try FileHandle.standardOutput.write(contentsOf: Data("\(step.median(seconds: seconds) * 1e6)\n".utf8))
      }
    }
  }
}

/// A step that was warmed up and can be timed.
struct TimedStep {
  private let step: NetworkStep

  init(_ step: NetworkStep) throws {
    self.step = step
    for _ in 0..<5 { try step.run() }
    let warm = try time()
    for _ in 0..<Int(min(50, 0.3 / max(warm, 1e-9))) { try step.run() }
  }

  /// The median time of a step, in seconds, over at least so many seconds.
  func median(seconds: Double) throws -> Double {
    var samples = Samples()
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end || samples.seconds.count < 5 { samples.seconds.append(try time()) }
    return samples.median
  }

  private func time() throws -> Double {
    let start = ContinuousClock.now
    try step.run()
    return start.duration(to: .now) / .seconds(1)
  }
}
