import ArgumentParser

/// The `neural` command.
@main
struct Neural: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neural",
    abstract: "Trains, evaluates and runs neural networks.",
    subcommands: [Train.self, Evaluate.self, Predict.self, Compare.self])
}
