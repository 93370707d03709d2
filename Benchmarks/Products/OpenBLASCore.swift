import Foundation

/// A kind of processor that OpenBLAS can take this one for.
///
/// OpenBLAS chooses its routines when it is loaded, by the processor or by the environment variable
/// `OPENBLAS_CORETYPE`, so that each choice needs a process of its own.
struct OpenBLASCore {
  /// What OpenBLAS calls it.
  let name: String
  /// The variable's value; `nil` where it is unset.
  private let variable: String?

  /// As shipped, whatever this process's environment says, and those of "Haswell" and "SkylakeX" that run here and are
  /// another: a processor younger than the library is taken for an old one.
  static func measured() throws -> [OpenBLASCore] {
    var cores = [try OpenBLASCore(variable: nil)]
    for (name, instructions) in [("Haswell", ["avx2", "fma"]), ("SkylakeX", ["avx512f", "avx512dq"])]
    where Machine.hasInstructions(instructions) {
      let core = try OpenBLASCore(variable: name)
      if !cores.contains(where: { $0.name == core.name }) { cores.append(core) }
    }
    return cores
  }

  private init(variable: String?) throws {
    self.variable = variable
    let output = try Self.run(["machine", "--json"], variable)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    name = try decoder.decode(Machine.self, from: output).openblasCore ?? "unknown"
  }

  /// What `benchmark` with these arguments prints in a process with this core type.
  func run(_ arguments: [String]) throws -> Data { try Self.run(arguments, variable) }

  private static func run(_ arguments: [String], _ variable: String?) throws -> Data {
    guard let program = Bundle.main.executableURL else { throw ChildError(arguments: arguments, status: -1) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_CORETYPE"] = variable
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ChildError(arguments: arguments, status: process.terminationStatus)
    }
    return output
  }
}

/// A child process that measured nothing.
struct ChildError: Error, CustomStringConvertible {
  let arguments: [String]
  let status: Int32

  var description: String { "\"benchmark \(arguments.joined(separator: " "))\" ended with \(status)" }
}
