import ArgumentParser
import NeuralNetworks

/// What computes: the backend and its threads.
struct ComputeOptions: ParsableArguments {
  @Option(help: "Matrix products by \(BLAS.available.map(\.name).joined(separator: " or ")).")
  var backend = BLAS.available[0].name

  @Option(help: "Threads of a matrix product. (default: all processors)")
  var threads: Int?

  func validate() throws {
    guard BLAS.backend(named: backend) != nil else {
      let names = BLAS.available.map(\.name).joined(separator: ", ")
      throw ValidationError("this build has no backend \"\(backend)\"; it has: \(names)")
    }
    try check("--threads", threads)
  }

  /// Runs `body` on the backend chosen.
  func compute<Result>(_ body: () throws -> Result) rethrows -> Result {
    if let threads { Threads.count = threads }
    return try BLAS.$backend.withValue(BLAS.backend(named: backend) ?? BLAS.backend, operation: body)
  }
}
