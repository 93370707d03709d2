import Foundation

/// A run of one of the package's commands, as a user would start it.
public struct CommandProcess {
  /// What the command ended with: its exit code, or the number of the signal that ended it.
  public let status: Int32
  /// What it printed.
  public let output: String
  /// What it printed on standard error.
  public let errors: String

  /// Runs a command built beside these tests and waits for its end.
  public init(_ command: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    self = try RunningCommand(command, arguments, environment: environment).wait()
  }

  fileprivate init(status: Int32, output: String, errors: String) {
    (self.status, self.output, self.errors) = (status, output, errors)
  }

  /// The lines of the output.
  public var lines: [Substring] { output.split(separator: "\n") }
}

/// A command that may still run.
public struct RunningCommand: ~Copyable {
  private let process: Process
  private let folder: TemporaryFolder
  private let outputFile, errorFile: String

  /// Starts a command built beside these tests.
  ///
  /// - Parameter preparation: what a shell does before it becomes the command.
  public init(
    _ command: String, _ arguments: [String], environment: [String: String] = [:],
    through preparation: String? = nil
  ) throws {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0])
    let program = tests.deletingLastPathComponent().appending(path: command)
    let process = Process()
    let folder = try TemporaryFolder()
    let outputFile = try folder.file("output", "")
    let errorFile = try folder.file("errors", "")
    if let preparation {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", preparation + "; exec \"$0\" \"$@\"", program.path] + arguments
    } else {
      process.executableURL = program
      process.arguments = arguments
    }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputFile))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorFile))
    try process.run()
    (self.process, self.outputFile, self.errorFile) = (process, outputFile, errorFile)
    self.folder = folder
  }

  /// Whether it has not ended.
  public var isRunning: Bool { process.isRunning }

  /// Sends it a signal; waits for its end if that is SIGKILL.
  public func kill(_ signal: Int32) {
    Foundation.kill(process.processIdentifier, signal)
    if signal == SIGKILL { process.waitUntilExit() }
  }

  /// Waits for its end.
  public func wait() throws -> CommandProcess {
    process.waitUntilExit()
    return CommandProcess(
      status: process.terminationStatus, output: try String(contentsOfFile: outputFile, encoding: .utf8),
      errors: try String(contentsOfFile: errorFile, encoding: .utf8))
  }
}
