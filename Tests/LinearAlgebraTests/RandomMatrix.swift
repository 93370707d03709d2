import LinearAlgebra

/// SplitMix64: random numbers that follow from the seed alone.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// `count` numbers of [-1, 1), multiples of 2⁻²³: exact in both precisions.
  mutating func numbers<Scalar: BLASScalar>(_ count: Int, as type: Scalar.Type = Scalar.self) -> [Scalar] {
    (0..<count).map { _ in Scalar(Int32(truncatingIfNeeded: next() >> 40) - (1 << 23)) / Scalar(1 << 23) }
  }
}

extension Matrix {
  /// Uniform in [-1, 1).
  static func random(_ rows: Int, _ columns: Int, seed: UInt64) throws -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return try Matrix(rows: rows, columns: columns, elements: generator.numbers(rows * columns))
  }

  /// A product of random factors, so that the rank is `rank`.
  static func random(_ rows: Int, _ columns: Int, rank: Int, seed: UInt64) throws -> Matrix {
    try .random(rows, rank, seed: seed) * .random(rank, columns, seed: seed + 1)
  }

  /// diag(values) · self.
  func scaledRows(by values: [Scalar]) -> Matrix {
    var result = self
    for i in 0..<rows {
      for j in 0..<columns { result[i, j] *= values[i] }
    }
    return result
  }

  /// A small multiple of the precision times the size: what backward stability promises, relative to the norms.
  var bound: Scalar { 20 * .ulpOfOne * Scalar(max(rows, columns, 1)) }
}

/// Tall, wide, square, a single row, column and element, and empty ones.
let shapes = [
  (0, 0), (0, 3), (3, 0), (1, 1), (1, 6), (6, 1), (2, 2), (5, 5), (9, 4), (4, 9), (40, 40), (70, 23),
  (23, 70),
]
