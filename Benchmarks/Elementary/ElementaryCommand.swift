import ArgumentParser
import Foundation
import NeuralNetworks

/// `benchmark elementary`: exp, tanh and the like over buffers.
struct ElementaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "elementary",
    abstract: "Measures elementary functions over buffers against plain loops over Foundation's.",
    discussion: """
      Elements per nanosecond on one thread, the median of many passes over 16 buffers of 4096 positive numbers.
      """)

  @Option(help: "How long to measure a function, at the least.")
  var seconds = 0.2

  @OptionGroup var options: MeasurementOptions

  func validate() throws { try check(seconds: seconds) }

  func run() throws {
    try options.begin(threads: 1)
    let table = Table([("function", 9), ("Swift /ns", 12), ("Foundation /ns", 14), ("ratio", 6)])
    if !options.json { Table.show(table.head) }
    let buffers = Buffers()
    defer { buffers.deallocate() }
    var rows: [Row] = []
    for function in ElementaryFunction.all {
      let row = buffers.measure(function, seconds: seconds)
      if !options.json {
        Table.show(
          table.row([
            row.function, row.swiftPerNanosecond.text(3), row.foundationPerNanosecond.text(3),
            row.ratio.text(2),
          ]))
      }
      rows.append(row)
    }
    if options.json { try printJSON(rows) }
  }
}

extension ElementaryCommand {
  /// An object of the JSON, a row of the table.
  struct Row: Encodable {
    let function: String
    let swiftPerNanosecond, foundationPerNanosecond, ratio: Double
  }

  /// Numbers to compute with, and fresh copies of them for each pass.
  private struct Buffers {
    private static let length = 4096
    private static let number = 16
    private let original: [Float]
    private let copy: UnsafeMutableBufferPointer<Float>

    init() {
      var random = RandomSource(seed: 1)
      original = (0..<Self.length * Self.number).map { _ in random.uniform(in: 0.01..<10) }
      copy = .allocate(capacity: original.count)
      _ = copy.initialize(from: original)
    }

    func deallocate() { copy.deallocate() }

    func measure(_ function: ElementaryFunction, seconds: Double) -> Row {
      var samples = (swift: Samples(), foundation: Samples())
      let end = ContinuousClock.now + .seconds(seconds)
      while ContinuousClock.now < end || samples.swift.seconds.count < 5 {
        samples.swift.seconds.append(pass(function.swift))
        samples.foundation.seconds.append(pass(function.foundation))
      }
      func rate(_ samples: Samples) -> Double { Double(original.count) / samples.median / 1e9 }
      let ratios = zip(samples.foundation.seconds, samples.swift.seconds).map { $0 / $1 }
      return Row(
        function: function.name, swiftPerNanosecond: rate(samples.swift),
        foundationPerNanosecond: rate(samples.foundation), ratio: ratios.median)
    }

    /// The time of one pass over all buffers, which are made anew before it.
    private func pass(_ body: ElementaryFunction.Body) -> Double {
      _ = copy.update(from: original)
      var kept: Float = 0
      let seconds = time(
        { _ in
          for start in stride(from: 0, to: copy.count, by: Self.length) {
            kept += body(UnsafeMutableBufferPointer(rebasing: copy[start..<start + Self.length]))
          }
        }, 1)
      // Never so, but the compiler does not know, and computes what is kept.
      if kept == -1 { print(kept) }
      return seconds
    }
  }
}
