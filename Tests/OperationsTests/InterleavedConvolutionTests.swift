import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

/// Convolutions by a vector of examples at a time, and the gradient of weights by the element of a kernel, against the direct loops
/// and into poisoned memory, also for shapes for which they are not chosen.
@Suite(.onEveryBackend) struct InterleavedConvolutionTests {
  @Test func agreesWithTheDirectLoops() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("InterleavedConvolutionTests: seed \(seed)")
    var random = RandomSource(seed: seed)
    for _ in 0..<80 {
      let geometry = ConvolutionGeometry.random(
        examples: 0...35, groups: 1...2, inputs: 1...9, outputs: 1...30, margins: 0...2, kernel: 1...4,
        dilation: 1...2, &random)
      try check(geometry, &random, "seed \(seed)")
    }
  }

  /// Windows in several pieces, of some rows or of a part of one; several examples to a piece; more channels than a tile has.
  @Test func largeOnesAgreeToo() throws {
    var random = RandomSource(seed: 6)
    let cases: [(image: Shape, outputs: Int, kernel: Extent, stride: Extent)] = [
      ([3, 7, 40, 41], 20, 3, 2), ([2, 6, 1, 700], 17, Extent(height: 1, width: 5), 1),
      ([33, 14, 9, 8], 70, 4, 2),
    ]
    for (image, outputs, kernel, stride) in cases {
      try check(
        ConvolutionGeometry(image: image, outputs: outputs, kernel: kernel, stride: stride, padding: .same),
        &random,
        "large")
    }
  }

  private func check(_ geometry: ConvolutionGeometry, _ random: inout RandomSource, _ name: String) throws {
    let interleaved = InterleavedConvolution(geometry)
    try checkProducts(
      of: geometry, &random, name,
      convolve: interleaved.convolve, convolveTransposed: interleaved.convolveTransposed,
      weightGradient: PerElementWeightGradient(geometry).run)
  }

  /// Where there are examples for whole vectors, and lines too short for one.
  @Test func itIsChosenWhereItPays() throws {
    func isChosen(_ image: Shape, _ outputs: Int, kernel: Extent, stride: Extent = 1, groups: Int = 1) throws
      -> (Bool, Bool)
    {
      let geometry = try ConvolutionGeometry(
        image: image, outputs: outputs, kernel: kernel, stride: stride, padding: .same, groups: groups)
      return (
        geometry.interleaved(isTransposed: false) != nil, geometry.interleaved(isTransposed: true) != nil
      )
    }
    #expect(try isChosen([64, 32, 14, 14], 64, kernel: 4, stride: 2) == (true, true))
    #expect(try isChosen([64, 64, 14, 14], 64, kernel: 3, groups: 64) == (true, true))
    #expect(try isChosen([3, 32, 14, 14], 64, kernel: 4, stride: 2) == (false, false))
    #expect(try isChosen([64, 3, 64, 64], 64, kernel: 4, stride: 2) == (false, false))
    #expect(try isChosen([64, 256, 14, 14], 64, kernel: 1) == (false, false))
    #expect(try isChosen([0, 32, 14, 14], 64, kernel: 4, stride: 2) == (false, false))
  }
}
