import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct DropoutTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(Dropout(0.2), input: [5], output: [5], parameters: [:], wrongInput: nil)
    try checkLayer(Dropout(0), input: [2, 3, 4], output: [2, 3, 4], parameters: [:], wrongInput: nil)
    try checkLayer(
      SpatialDropout(0.2), input: [3, 4, 4], output: [3, 4, 4], parameters: [:], wrongInput: [])
  }

  @Test func inferenceLeavesTheInputAlone() throws {
    let input = Tensor.normal([4, 5], seed: 1)
    #expect(try Dropout(0.9)(input) == input)
    #expect(try SpatialDropout(0.9)(input) == input)
    #expect(try Dropout(0)(input, in: Pass(.training, seed: 1)) == input)
  }

  private struct Settings: Decodable {
    let wholeChannels: Bool
    let rate: Float
    let training: Bool
  }

  @Test(arguments: try ReferenceCase.all(in: "dropout")) func agreesWithPyTorch(_ reference: ReferenceCase)
    throws
  {
    let settings = try reference.settings(Settings.self)
    func check(_ layer: some Layer) throws {
      try checkModule(layer, against: reference) {
        try $0($1[0], in: settings.training ? $2 : .inference)
      }
    }
    if settings.wholeChannels {
      try check(SpatialDropout(settings.rate))
    } else {
      try check(Dropout(settings.rate))
    }
  }

  @Test func theSeedOfThePassDecides() throws {
    let input = Tensor.normal([20, 30], seed: 1)
    let model = try Sequential {
      Dropout(0.5)
      Dropout(0.5)
    }
    func output(_ seed: UInt64) throws -> Tensor { try model(input, in: Pass(.training, seed: seed)) }
    #expect(try output(1) == output(1))
    #expect(try output(1) != output(2))
    let kept = Double(try output(1).array.count { $0 != 0 }) / 600
    #expect(abs(kept - 0.25) < 0.1, "two layers of one pass drop independently")
  }

  @Test(arguments: [-0.1, 1, .nan] as [Float]) func badRatesThrow(rate: Float) {
    for layer in [Dropout(rate), SpatialDropout(rate)] as [any Layer] {
      #expect(throws: ShapeError.self) { try layer.outputShape(for: [3]) }
      #expect(throws: ShapeError.self) { try layer(.zeros([2, 3])) }
      #expect(throws: ShapeError.self) { try layer(.zeros([2, 3]), in: Pass(.training)) }
    }
  }

  @Test func printsAsTheCallThatMakesIt() {
    #expect("\(Dropout(0.25))" == "Dropout(0.25)")
    #expect("\(SpatialDropout(0.5))" == "SpatialDropout(0.5)")
  }
}
