import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct DropoutTests {
  private let ones = Tensor(repeating: 1, shape: [200, 300])

  private func dropped(_ input: Tensor, _ rate: Float, seed: UInt64) throws -> Tensor {
    var random = RandomSource(seed: seed)
    return try dropout(input, rate: rate, using: &random)
  }

  @Test func elementsAreDroppedOrEnlarged() throws {
    let output = try dropped(Tensor([1, -2, 3, 0.5, 8, 6]), 0.5, seed: 3).array
    for (element, kept) in zip(output, [2, -4, 6, 1, 16, 12] as [Float]) {
      #expect(element == 0 || element == kept)
    }
    #expect(output.contains(0) && output.contains { $0 != 0 })
  }

  /// Five standard deviations of a binomial distribution, for the whole and for neighbours that are dropped together.
  @Test(arguments: [0.01, 0.1, 0.2, 0.5, 0.75, 0.9, 0.99, 0.9999] as [Float])
  func theRateIsMet(rate: Float) throws {
    let output = try dropped(ones, rate, seed: 5).array
    let (count, p) = (Double(output.count), Double(rate))
    #expect(Set(output).isSubset(of: [0, Float(1 / (1 - p))]))
    let drops = output.count { $0 == 0 }
    #expect(abs(Double(drops) - count * p) < 5 * (count * p * (1 - p)).squareRoot())
    for distance in [1, 2, 64, 300, 16_384] {
      let both = zip(output, output.dropFirst(distance)).count { $0 == 0 && $1 == 0 }
      let pairs = count - Double(distance)
      let (q, expected) = (p * p, pairs * p * p)
      // Pairs overlap, which up to triples their variance.
      #expect(abs(Double(both) - expected) < 5 * (3 * pairs * q * (1 - q)).squareRoot() + 1, "\(distance)")
    }
  }

  @Test func theExpectedValueStays() throws {
    var sum = Tensor.zeros([50])
    let input = Tensor.normal([50], seed: 1)
    for seed in 0..<2000 { sum.add(try dropped(input, 0.5, seed: UInt64(seed)), scaledBy: 1 / 2000) }
    expectClose(sum.array, input.array, tolerance: 5 / Double(2000).squareRoot())
  }

  @Test func extremeRates() throws {
    let input = Tensor.normal([1000], seed: 2)
    #expect(try dropped(input, 0, seed: 1) == input)
    #expect(try dropped(input, .leastNonzeroMagnitude, seed: 1) == input)
    #expect(try dropped(input, Float(1).nextDown, seed: 1) == .zeros([1000]))
    let most = try dropped(ones, 0.9999, seed: 7).array.filter { $0 != 0 }
    #expect(most.allSatisfy { abs($0 - 10_000) < 2 })
    #expect(try dropped(.zeros([0, 3]), 0.5, seed: 1) == .zeros([0, 3]))
  }

  @Test func nothingStaysOfWhatIsDropped() throws {
    let output = try dropped(Tensor(repeating: .nan, shape: [100]), 0.5, seed: 1).array
    #expect(output.contains(0) && output.contains(where: \.isNaN))
  }

  @Test func theWayBackUsesTheSameMask() throws {
    let tape = Tape()
    let input = tape.watch(Tensor(repeating: 1, shape: [70, 3]))
    let output = try dropped(input, 0.3, seed: 9)
    let target = Tensor.zeros([70, 3])
    // ∂ mean(y²)/∂x = 2y/n · mask/(1 − p), and here y = mask/(1 − p).
    let gradient = try #require(try tape.gradients(of: meanSquaredError(output, target))[0])
    expectClose(gradient.array, output.array.map { $0 * $0 * 2 / 210 }, tolerance: 1e-6)
  }

  @Test func gradientsAgreeWithDifferences() throws {
    try checkGradients(at: [.normal([9, 9], seed: 1)]) { try dropped($0[0], 0.4, seed: 2) }
    try checkGradients(at: [.normal([3, 4, 2, 3], seed: 1)]) {
      var random = RandomSource(seed: 2)
      return try spatialDropout($0[0], rate: 0.4, using: &random)
    }
  }

  @Test func wholeChannelsAreDropped() throws {
    var random = RandomSource(seed: 3)
    let output = try spatialDropout(
      Tensor(repeating: 1, shape: [40, 25, 2, 3]), rate: 0.25, using: &random
    ).array
    let channels = (0..<1000).map { Set(output[$0 * 6..<($0 + 1) * 6]) }
    #expect(channels.allSatisfy { $0 == [0] || $0 == [4 / 3] })
    #expect(abs(channels.count { $0 == [0] } - 250) < 70)
  }

  @Test func theSourceOfRandomnessMovesOn() throws {
    var random = RandomSource(seed: 3)
    let first = try dropout(ones, rate: 0.5, using: &random)
    #expect(try dropout(ones, rate: 0.5, using: &random) != first)
    #expect(try dropped(ones, 0.5, seed: 3) == first)
  }

  @Test(arguments: [-0.1, 1, 2, .nan, .infinity] as [Float]) func badRatesThrow(rate: Float) {
    #expect(throws: ShapeError.self) { try dropped(ones, rate, seed: 1) }
    var random = RandomSource(seed: 3)
    #expect(throws: ShapeError.self) { try spatialDropout(ones, rate: rate, using: &random) }
    #expect(throws: ShapeError.self) { try spatialDropout(Tensor([1]), rate: 0.5, using: &random) }
  }

  @Test func theMaskDoesNotDependOnThreads() async {
    await #expect(processExitsWith: .success) {
      func output() throws -> Tensor {
        var random = RandomSource(seed: 8)
        return try dropout(Tensor(repeating: 1, shape: [300_000]), rate: 0.3, using: &random)
      }
      Threads.count = 1
      let serial = try output()
      Threads.count = 4
      try #require(try output() == serial)
    }
  }
}
