import ArgumentParser
import Foundation
import NeuralNetworks

/// The King James Bible, which Debian's package bible-kjv prints.
enum KingJames {
  private static let package = DataPackage(
    name: "the King James Bible",
    origin: .debian(["bible-kjv", "bible-kjv-text"], files: ["/usr/bin/bible", "/usr/lib/bible.data"]))

  /// All verses, a line each, without their numbers.
  static func text(_ installation: InstallOption) throws -> String {
    let program = try package.files(installing: installation.install)[0]
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["-f", "gen1:1-rev22:21"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let text = String(data: bytes, encoding: .utf8) else {
      throw ValidationError("\(program) does not print the King James Bible")
    }
    return text.split(separator: "\n").map { $0.drop { $0 != " " }.dropFirst() + "\n" }.joined()
  }
}
