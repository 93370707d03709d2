import TestSupport

typealias NeuralProcess = CommandProcess

extension NeuralProcess {
  /// Runs the `neural` command.
  init(_ arguments: String...) throws { try self.init("neural", arguments) }

  /// Runs the `neural` command.
  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    try self.init("neural", arguments, environment: environment)
  }
}
