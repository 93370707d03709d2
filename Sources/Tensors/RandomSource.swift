import LinearAlgebra

/// A seeded source of random numbers that can be split into independent ones.
///
/// SplitMix64: each number is a mix of a counter that advances by an odd constant, drawn anew by every split; see
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. The same seed gives the same
/// numbers on every machine.
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var counter: UInt64
  private let gamma: UInt64

  /// A source whose numbers follow from the seed alone.
  public init(seed: UInt64) {
    counter = Self.mix(seed)
    gamma = 0x9E37_79B9_7F4A_7C15
  }

  /// The source of one place in a course of events, such as an epoch and a batch in it: independent of those of all other
  /// places, and known without going through them.
  public init(seed: UInt64, at place: Int...) {
    self = place.reduce(RandomSource(seed: seed)) { source, index in
      var source = source
      return RandomSource(seed: source.next() ^ UInt64(bitPattern: Int64(index)))
    }
  }

  /// Reads a source back; the constant of a damaged one is made odd, so that it still runs through all numbers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    counter = try container.decode(UInt64.self, forKey: .counter)
    gamma = try container.decode(UInt64.self, forKey: .gamma) | 1
  }

  private enum CodingKeys: String, CodingKey { case counter, gamma }

  private init(counter: UInt64, gamma: UInt64) {
    self.counter = counter
    self.gamma = gamma
  }

  public mutating func next() -> UInt64 {
    counter &+= gamma
    return Self.mix(counter)
  }

  /// A source independent of what this one gives from now on.
  public mutating func split() -> RandomSource {
    RandomSource(counter: next(), gamma: Self.mixGamma(next()))
  }

  /// A number from [0, 1), one of 2²⁴.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number from [range.lowerBound, range.upperBound).
  public mutating func uniform(in range: Range<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A number from the normal distribution of mean 0 and standard deviation 1, by Marsaglia's polar method.
  public mutating func normal() -> Float {
    while true {
      let (u, v) = (2 * uniform() - 1, 2 * uniform() - 1)
      let square = u * u + v * v
      if square > 0, square < 1 { return u * (-2 * Elementary.log(square) / square).squareRoot() }
    }
  }

  /// The numbers 0..<count in random order, by Fisher and Yates.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(index, Int(next().multipliedFullWidth(by: UInt64(index + 1)).high))
    }
    return order
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An odd constant whose bits change often enough for the counter to be well mixed.
  private static func mixGamma(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    z = (z ^ (z >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    z = (z ^ (z >> 33)) | 1
    return (z ^ (z >> 1)).nonzeroBitCount < 24 ? z ^ 0xAAAA_AAAA_AAAA_AAAA : z
  }
}
