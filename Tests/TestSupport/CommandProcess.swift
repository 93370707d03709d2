import Foundation

/// A run of one of the package's commands, as a user would start it.
public struct CommandProcess {
  /// What the command ended with.
  public let status: Int32
  /// What it printed.
  public let output: String
  /// What it printed on standard error.
  public let errors: String

  /// Runs a command built beside these tests and waits for its end.
  public init(_ command: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0])
    let process = Process()
    process.executableURL = tests.deletingLastPathComponent().appending(path: command)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = try TemporaryFolder()
    let outputFile = try folder.file("output", "")
    let errorFile = try folder.file("errors", "")
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputFile))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorFile))
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOfFile: outputFile, encoding: .utf8)
    errors = try String(contentsOfFile: errorFile, encoding: .utf8)
  }

  /// The lines of the output.
  public var lines: [Substring] { output.split(separator: "\n") }
}
