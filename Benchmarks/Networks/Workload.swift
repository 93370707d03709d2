/// What a step computes: "mlp:in=100,hidden=50x50,out=3,batch=7", a family and its sizes.
///
/// The grammar is `FAMILY:key=value,…`. The key `in` is also called `inp`; of a key given twice the last one counts.
package struct Workload: Equatable {
  /// The kind of network.
  package let family: String
  /// The values by key.
  package private(set) var parameters: [String: String] = [:]
  private let text: String

  /// Reads a workload's text.
  ///
  /// - Throws: ``WorkloadError`` if it is not of the grammar.
  package init(_ text: String) throws {
    self.text = text
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    family = String(parts[0])
    for pair in parts.dropFirst().joined().split(separator: ",") {
      let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else { throw error("\"\(pair)\" is not key=value") }
      parameters[sides[0] == "in" ? "inp" : String(sides[0])] = String(sides[1])
    }
  }

  /// The number under a key, at least 1.
  package func number(_ key: String) throws -> Int {
    guard let number = Self.number(try value(key)) else {
      throw error("\(key) is a number from 1 on, not \"\(try value(key))\"")
    }
    return number
  }

  /// The numbers under a key, with "x" between.
  package func numbers(_ key: String) throws -> [Int] {
    try value(key).split(separator: "x", omittingEmptySubsequences: false).map { part in
      guard let number = Self.number(String(part)) else {
        throw error("\(key) is numbers with x between, such as 50x50, not \"\(try value(key))\"")
      }
      return number
    }
  }

  /// Whether the key is set, and not to 0.
  package func flag(_ key: String) -> Bool {
    guard let value = parameters[key], !value.isEmpty else { return false }
    return Int(value) != 0
  }

  /// Checks that there are no keys but these.
  package func check(keys: [String]) throws {
    if let key = parameters.keys.sorted().first(where: { !keys.contains($0) }) {
      throw error("\(family) has no \(key); it has \(keys.joined(separator: ", "))")
    }
  }

  /// What is wrong with this workload.
  package func error(_ reason: String) -> WorkloadError { WorkloadError(description: "\(text): \(reason)") }

  private func value(_ key: String) throws -> String {
    guard let value = parameters[key] else { throw error("\(key) is missing") }
    return value
  }

  private static func number(_ text: String) -> Int? {
    Int(text).flatMap { 1...(1 << 24) ~= $0 ? $0 : nil }
  }
}

/// A workload that cannot be measured, in one line.
package struct WorkloadError: Error, CustomStringConvertible {
  package let description: String
}
