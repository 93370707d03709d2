import Foundation
import TestSupport

/// A run of the `neural` command, as a user would start it.
struct NeuralProcess {
  let status: Int32
  let output: String
  let errors: String

  /// Runs the command built beside these tests and waits for its end.
  init(_ arguments: String...) throws { try self.init(arguments) }

  /// Runs the command built beside these tests and waits for its end.
  init(_ arguments: [String]) throws {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0])
    let process = Process()
    process.executableURL = tests.deletingLastPathComponent().appending(path: "neural")
    process.arguments = arguments
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
  var lines: [Substring] { output.split(separator: "\n") }
}
