import ArgumentParser
import NeuralNetworks

/// The sizes of a product op(A) · op(B) and which of the two are transposes: "128,256,784,NT".
struct ProductShape: ExpressibleByArgument, Hashable, CustomStringConvertible {
  /// op(A) is m × k, op(B) is k × n.
  let m, n, k: Int
  let transposeA, transposeB: Transposition

  init(_ m: Int, _ n: Int, _ k: Int, _ transposeA: Transposition = .none, _ transposeB: Transposition = .none)
  {
    (self.m, self.n, self.k) = (m, n, k)
    (self.transposeA, self.transposeB) = (transposeA, transposeB)
  }

  /// Reads "m,n,k" or "m,n,k,NT", where the letters say for A and B whether they are transposed.
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let sizes = parts.prefix(3).compactMap { Int($0) }
    guard sizes.count == 3, parts.count <= 4 else { return nil }
    let letters = parts.count == 4 ? parts[3].uppercased() : "NN"
    guard let transposes = Self.transposes[letters] else { return nil }
    self.init(sizes[0], sizes[1], sizes[2], transposes.0, transposes.1)
    guard sizes.allSatisfy({ 1...Self.longest ~= $0 }) else { return nil }
    guard [m * k, k * n, m * n].allSatisfy({ $0 <= Self.largest }) else { return nil }
  }

  static var allValueStrings: [String] { [] }

  /// What a size may be, for messages.
  static let form = """
    m,n,k or m,n,k,NT, each size from 1 to \(longest) and each matrix of at most \(largest) elements; \
    the letters are NN, NT, TN or TT
    """

  private static let longest = 1 << 20
  private static let largest = 1 << 28

  private static let transposes: [String: (Transposition, Transposition)] = [
    "NN": (.none, .none), "NT": (.none, .transposed), "TN": (.transposed, .none),
    "TT": (.transposed, .transposed),
  ]

  /// "NN", "NT", "TN" or "TT".
  var transposes: String {
    (transposeA == .none ? "N" : "T") + (transposeB == .none ? "N" : "T")
  }

  var description: String { "\(m),\(n),\(k),\(transposes)" }

  /// Multiplications and additions.
  var flops: Double { 2 * Double(m) * Double(n) * Double(k) }

  /// Squares, for the plot.
  static let squares = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048].map {
    ProductShape($0, $0, $0)
  }

  /// What networks multiply: forward (NT), the two products of the way back, and one example or one neuron.
  static let networks = [
    ProductShape(128, 256, 784), ProductShape(128, 10, 256), ProductShape(256, 784, 128, .none, .transposed),
    ProductShape(784, 256, 128, .transposed, .none), ProductShape(32, 128, 784), ProductShape(64, 1024, 1024),
    ProductShape(1, 256, 784), ProductShape(256, 784, 1),
  ]
}
