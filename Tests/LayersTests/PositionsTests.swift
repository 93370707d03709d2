import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct PositionsTests {
  @Test func passTheChecksOfALayer() throws {
    try checkLayer(SinusoidalPositions(), input: [4, 3], output: [4, 3], parameters: [:], wrongInput: [4])
    try checkLayer(
      LearnedPositions(longest: 5), input: [4, 3], output: [4, 3], parameters: ["weight": [5, 3]],
      wrongInput: [6, 3])
  }

  private struct Settings: Decodable {
    let start: Int
    var longest: Int?
  }

  @Test(arguments: try ReferenceCase.all(in: "learned-positions")) func learnedOnesAgreeWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let settings = try reference.settings(Settings.self)
    let input = try #require(reference.inputs.first)
    let layer = try LearnedPositions(longest: #require(settings.longest))
      .initialized(for: input.shape.droppingFirst, seed: 1)
    try checkModule(layer, against: reference) { try $0($1[0], startingAt: settings.start, in: $2) }
    if settings.start == 0 { try checkLayer(layer, against: reference) }
  }

  @Test(arguments: try ReferenceCase.all(in: "sinusoidal-positions")) func sinusoidsAgreeWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let start = try reference.settings(Settings.self).start
    try checkModule(SinusoidalPositions(), against: reference) { try $0($1[0], startingAt: start, in: $2) }
    if start == 0 { try checkLayer(SinusoidalPositions(), against: reference) }
  }

  @Test func areAddedToEachSequence() throws {
    let x = Tensor.zeros([2, 3, 4])
    let places = try sinusoids(length: 5, dimension: 4).array
    #expect(try SinusoidalPositions()(x).array == Array(places[0..<12]) + places[0..<12])
    #expect(try SinusoidalPositions()(x, startingAt: 2).array.prefix(12) == places[8..<20])
    let learned = try LearnedPositions(longest: 5).initialized(for: [3, 4], seed: 1)
    let weight = try #require(learned.weight).array
    #expect(try learned(x).array == Array(weight[0..<12]) + weight[0..<12])
    #expect(try learned(x, startingAt: 2).array.suffix(12) == weight[8..<20])
  }

  @Test func whatDoesNotFitThrows() throws {
    let learned = try LearnedPositions(longest: 5).initialized(for: [3, 4], seed: 1)
    #expect(throws: ShapeError.self) { try learned(.zeros([1, 3, 4]), startingAt: 3) }
    #expect(throws: ShapeError.self) { try learned(.zeros([1, 3, 4]), startingAt: -1) }
    #expect(throws: ShapeError.self) { try learned(.zeros([1, 3, 5])) }
    #expect(throws: ShapeError.self) { try learned(.zeros([3, 4])) }
    #expect(throws: ShapeError.self) { try LearnedPositions(longest: 5)(.zeros([1, 3, 4])) }
    for longest in [-1, 0, 1, Int.max, 1 << 40] {
      #expect(throws: ShapeError.self) {
        try LearnedPositions(longest: longest).initialized(for: [3, 4], seed: 1)
      }
    }
    #expect(throws: ShapeError.self) { try SinusoidalPositions()(.zeros([1, 3, 4]), startingAt: -1) }
  }

  @Test func printAsTheCallThatMakesThem() {
    #expect("\(SinusoidalPositions())" == "SinusoidalPositions()")
    #expect("\(LearnedPositions(longest: 8))" == "LearnedPositions(8)")
  }
}
