import ArgumentParser

/// The `benchmark` command.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measures this library, and OpenBLAS beside it, on this machine.",
    subcommands: [
      ProductsCommand.self, ElementaryCommand.self, ThreadsCommand.self, NetworksCommand.self,
      ServeCommand.self,
      MachineCommand.self,
    ])
}
