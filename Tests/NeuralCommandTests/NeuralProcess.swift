import Foundation

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
    let folder = TemporaryFolder()
    process.standardOutput = try folder.handle("output")
    process.standardError = try folder.handle("errors")
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOfFile: folder.path("output"), encoding: .utf8)
    errors = try String(contentsOfFile: folder.path("errors"), encoding: .utf8)
  }

  /// The lines of the output.
  var lines: [Substring] { output.split(separator: "\n") }
}

/// A folder that is removed with its last reference.
final class TemporaryFolder {
  private let url = FileManager.default.temporaryDirectory.appending(path: "neural-\(UUID())")

  init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func handle(_ name: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: path(name), contents: nil)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
  }

  func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    return path(name)
  }
}
