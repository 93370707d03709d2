import ArgumentParser
import Foundation

/// The `neural` command.
@main
struct Neural: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neural",
    abstract: "Trains, evaluates and runs neural networks.",
    subcommands: [
      Train.self, Evaluate.self, Predict.self, Generate.self, Pronounce.self, Score.self,
      Compare.self,
    ])

  /// Runs the command; what goes wrong is one line on standard error.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      guard code != .success, code != .failure || !(error is CleanExit) else { exit(withError: error) }
      let text = message(for: error)
      guard !text.isEmpty else { exit(withError: error) }
      FileHandle.standardError.write(Data("Error: \(text.replacing("\n", with: " "))\n".utf8))
      Foundation.exit(code.rawValue)
    }
  }
}

/// Where a command's results go: every byte arrives, or an error says that it did not.
enum StandardOutput {
  /// Writes a text and the end of its line.
  static func print(_ text: String, terminator: String = "\n") throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + terminator).utf8))
    } catch {
      throw ValidationError("standard output cannot be written: \(error.localizedDescription)")
    }
  }

  /// Writes a value as JSON on one line.
  static func print(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
