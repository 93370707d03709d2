import Foundation
import NeuralNetworks

/// What a measurement ran on: it stands at the head of every table.
struct Machine: Codable, CustomStringConvertible {
  let processor: String
  let processors: Int
  let load: Double
  let compiler: String
  let build: String
  var openblas: String?
  var openblasCore: String?
  /// The environment's say in the core type.
  var openblasCoretype: String?
  let threads: Int
  let pinned: Bool

  /// The machine and the build as they are now.
  ///
  /// - Parameter core: what to say of OpenBLAS's core types instead of this process's own.
  init(threads: Int, pinned: Bool, core: String? = nil) {
    processor = Self.processorName
    processors = ProcessInfo.processInfo.activeProcessorCount
    load = Self.loadAverage
    compiler = Self.compilerVersion
    let baseline = CPUFeatures.hasFMA ? "" : "A baseline build, slower than this machine can: "
    build = baseline + CPUFeatures.description + Self.debugWarning
    #if OpenBLAS
      openblas = OpenBLASBackend.configuration
      openblasCore = core ?? OpenBLASBackend.coreType
      if core == nil { openblasCoretype = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] }
    #endif
    self.threads = threads
    self.pinned = pinned
  }

  var description: String {
    var lines = [
      "processor  \(processor), \(processors) in use, load \(String(format: "%.2f", load))",
      "compiler   \(compiler)",
      "build      \(build)",
    ]
    if let openblas {
      let variable = openblasCoretype.map { ", for OPENBLAS_CORETYPE=\($0) is set" } ?? ""
      lines.append("library    \(openblas), core \(openblasCore ?? "unknown")\(variable)")
    }
    lines.append("threads    \(threads), \(pinned ? "pinned" : "not pinned")")
    return lines.joined(separator: "\n")
  }

  /// Whether the processor, not only the build, has all of these instructions, by Linux's names for them.
  static func hasInstructions(_ names: [String]) -> Bool {
    Set(names).isSubset(of: processorInformation("flags")?.split(separator: " ").map(String.init) ?? [])
  }

  private static var processorName: String { processorInformation("model name") ?? "unknown processor" }

  /// What Linux says of the first processor under this title.
  private static func processorInformation(_ title: String) -> String? {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(title) }
    return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
  }

  private static var loadAverage: Double {
    var averages = [0.0]
    return getloadavg(&averages, 1) == 1 ? averages[0] : 0
  }

  /// The compiler's version, as far as it can tell itself.
  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3.1)
      "Swift 6.3.1 or a later 6.3"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  private static var debugWarning: String {
    #if DEBUG
      " Not optimised: the figures mean nothing."
    #else
      ""
    #endif
  }
}
