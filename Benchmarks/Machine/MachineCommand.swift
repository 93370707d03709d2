import ArgumentParser
import Foundation
import NeuralNetworks

/// `benchmark machine`: the head of the other commands alone.
struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine", abstract: "Says what the machine, the build and the libraries are.")

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let machine = Machine(threads: Threads.count, pinned: false)
    if json { return try printJSON(machine) }
    print(machine)
  }
}

/// Prints a value as JSON on one line.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
