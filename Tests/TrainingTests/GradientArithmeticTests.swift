import Layers
import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct GradientArithmeticTests {
  private func model() throws -> Sequential {
    try Sequential(input: [2], seed: 3) {
      Embedding(vocabulary: 6, dimension: 3)
      Dense(outputs: 2)
    }
  }

  private func gradients(_ words: [Float], seed: UInt64) throws -> Gradients {
    let batch = try Tensor(words, shape: [words.count / 2, 2])
    return try model().valueAndGradients {
      try meanSquaredError($0(batch), .normal([words.count / 2, 2, 2], seed: seed))
    }.gradients
  }

  @Test func clippingToANormKeepsTheDirection() throws {
    let gradients = try gradients([1, 2, 4, 1], seed: 1)
    let elements = gradients.values.compactMap { $0?.array }.joined()
    let norm = Float(elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
    expectClose([gradients.norm], [norm], tolerance: 1e-6)
    var clipped = gradients
    #expect(clipped.clip(toNorm: norm / 4) == gradients.norm)
    expectClose(
      Array(clipped.values.compactMap { $0?.array }.joined()), elements.map { $0 / 4 }, tolerance: 1e-5)
    guard case .rows = clipped.elements[0] else { return #expect(Bool(false), "rows became a table") }
    var same = gradients
    same.clip(toNorm: norm * 2)
    #expect(same.values == gradients.values)
  }

  @Test func clippingToAValue() throws {
    var gradients = try gradients([1, 2, 4, 1], seed: 1)
    let before = Array(gradients.values.compactMap { $0?.array }.joined())
    gradients.clip(toValue: 0.1)
    let after = Array(gradients.values.compactMap { $0?.array }.joined())
    #expect(after == before.map { min(max($0, -0.1), 0.1) })
  }

  /// Factors of few examples are clipped and accumulated as their product is.
  @Test func productsOfFactorsAreClippedAndAccumulated() throws {
    let layer = try Dense(outputs: 7).initialized(for: [9], seed: 1)
    let gradients = try layer.valueAndGradients {
      try meanSquaredError($0(.normal([2, 9], seed: 2)), .normal([2, 7], seed: 3))
    }.gradients
    guard case .product = gradients.elements[0] else { return #expect(Bool(false), "factors") }
    let values = gradients.values.compactMap { $0?.array }
    var (byNorm, byValue, accumulator) = (gradients, gradients, GradientAccumulator())
    byNorm.clip(toNorm: gradients.norm / 2)
    byValue.clip(toValue: 0.05)
    for _ in 0..<2 { try accumulator.add(gradients) }
    let taken = accumulator.takeMean()
    let mean = try #require(taken)
    for (index, elements) in values.enumerated() {
      expectClose(byNorm.values[index]?.array ?? [], elements.map { $0 / 2 }, tolerance: 1e-5)
      #expect(byValue.values[index]?.array == elements.map { min(max($0, -0.05), 0.05) })
      expectClose(mean.values[index]?.array ?? [], elements, tolerance: 1e-6)
    }
  }

  @Test func gradientsThatAreNotFiniteAreFound() throws {
    for bad in [Float.nan, .infinity, -.infinity] {
      var gradients = try gradients([1, 2], seed: 1)
      #expect(gradients.isFinite)
      gradients.update { gradient, _ in gradient?.updateElements { $0[0] = 1e30 } }
      #expect(gradients.isFinite)
      gradients.update { gradient, path in
        if path == "1.bias" { gradient?.updateElements { $0[$0.count - 1] = bad } }
      }
      #expect(!gradients.isFinite)
    }
  }

  /// The mean over halves of a batch is the whole batch's gradient, rows staying rows.
  @Test func accumulationEqualsOneLargeBatch() throws {
    let words: [Float] = [1, 2, 4, 1, 0, 2, 5, 5]
    let batch = try Tensor(words, shape: [4, 2])
    let target = Tensor.normal([4, 2, 2], seed: 1)
    let model = try model()
    func gradients(_ rows: Range<Int>) throws -> Gradients {
      try model.valueAndGradients { try meanSquaredError($0(batch.rows(rows)), target.rows(rows)) }.gradients
    }
    var accumulator = GradientAccumulator()
    for start in [0, 2] { try accumulator.add(gradients(start..<start + 2)) }
    #expect(accumulator.count == 2)
    let taken = accumulator.takeMean()
    let mean = try #require(taken)
    guard case .rows(let rows) = mean.elements[0] else { return #expect(Bool(false), "rows became a table") }
    #expect(rows.indices == [0, 1, 2, 4, 5])
    for (got, expected) in zip(mean.values, try gradients(0..<4).values) {
      expectClose(got?.array ?? [], expected?.array ?? [], tolerance: 1e-5)
    }
    #expect(accumulator.takeMean() == nil)
    try accumulator.add(mean)
    let other = try Sequential(input: [2], seed: 1) { Dense(outputs: 1) }
    let foreign = try other.valueAndGradients { try meanSquaredError($0(.zeros([1, 2])), .zeros([1, 1])) }
    #expect(throws: ShapeError.self) { try accumulator.add(foreign.gradients) }
    #expect(accumulator.takeMean()?.values == mean.values)
  }

  @Test func aMovingAverageFollowsTheParameters() throws {
    var model = try Sequential(input: [2], seed: 3) { Dense(outputs: 1) }
    var average = MovingAverage(decay: 0.75)
    var expected = model.parameters.map(\.value.array)
    try average.update(from: model)
    for step in 1...4 {
      model.updateParameters { parameter, _ in parameter = .normal(parameter.shape, seed: UInt64(step)) }
      try average.update(from: model)
      expected = zip(expected, model.parameters).map { average, parameter in
        zip(average, parameter.value.array).map { 0.75 * $0 + 0.25 * $1 }
      }
    }
    let averaged = try average.applied(to: model)
    for (got, expected) in zip(averaged.parameters, expected) {
      expectClose(got.value.array, expected, tolerance: 1e-6)
    }
    var resumed = MovingAverage(decay: 0.75)
    resumed.restore(average.state)
    #expect(try resumed.applied(to: model).parameters.map(\.value) == averaged.parameters.map(\.value))
    let wide = try Sequential(input: [3], seed: 3) { Dense(outputs: 1) }
    #expect(throws: ShapeError.self) { try average.applied(to: wide) }
    #expect(throws: ShapeError.self) { try average.update(from: wide) }
  }
}
