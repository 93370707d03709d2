import ArgumentParser
import Foundation
import NeuralNetworks

/// What every measurement is told.
struct MeasurementOptions: ParsableArguments {
  @Flag(help: "Keep each thread on a processor of its own.")
  var pin = false

  @Flag(
    help: "Print JSON, and what the machine is on standard error.")
  var json = false

  @Flag(inversion: .prefixedNo, help: "Say first what the machine, the build and the libraries are.")
  var head = true

  /// Sets the number of threads, pins them if that was asked for, and prints the head.
  ///
  /// - Parameters:
  ///   - core: OpenBLAS's core types, where they are others than this process's own.
  ///   - pinsHere: Whether this process measures, and not its children.
  func begin(threads: Int, core: String? = nil, pinsHere: Bool = true) throws {
    Threads.count = threads
    if pin {
      if pinsHere { try Pinning.pin(threads: threads) } else { try Pinning.processors(for: threads) }
    }
    guard head else { return }
    let machine = Machine(threads: threads, pinned: pin, core: core)
    if json {
      FileHandle.standardError.write(Data((machine.description + "\n").utf8))
    } else {
      print(machine.description + "\n")
      fflush(nil)
    }
  }
}

/// Checks an option that counts threads.
func check(threads: Int?) throws {
  if let threads, !(1...1024).contains(threads) {
    throw ValidationError("--threads is from 1 to 1024, not \(threads)")
  }
}

/// Checks an option that gives a time.
func check(seconds: Double) throws {
  guard (0...3600).contains(seconds) else {
    throw ValidationError("--seconds is from 0 to 3600, not \(seconds)")
  }
}
