import Layers
import Operations
import Tensors
import TestSupport
import Testing

/// Sizes, settings and parameters that no model has but any caller can give: they throw and never trap.
@Suite(.onEveryBackend) struct HostileInputTests {
  @Test func sizesBeyondMemoryThrow() {
    #expect(throws: ShapeError.self) { try rotary(.zeros([1, 2, 4]), heads: .max) }
    #expect(throws: ShapeError.self) { try sinusoids(length: 1 << 40, dimension: 1) }
    #expect(throws: ShapeError.self) { try PReLU(perChannel: true).initialized(for: [1 << 40], seed: 1) }
    let empty = Tensor.zeros([0, 1 << 31, 1 << 31])
    #expect(throws: ShapeError.self) { try GroupNorm(groups: 2)(empty) }
    #expect(throws: Never.self) { try SpatialDropout(0.5)(empty, in: Pass(.training)) }
    #expect(throws: Never.self) { try prelu(.zeros([0, 3, 1 << 30, 1 << 30]), slope: .zeros([3])) }
    #expect(throws: ShapeError.self) {
      try linear(.zeros([1 << 32, 0]), weight: .zeros([1 << 32, 0]), bias: nil)
    }
  }

  /// `updateParameters` may put anything in a parameter's place.
  @Test func replacedParametersThrow() throws {
    func check<Subject: Layer>(_ layer: Subject, input: Shape) throws {
      var layer = try layer.initialized(for: input, seed: 1)
      layer.updateParameters { parameter, _ in parameter = Tensor(scalar: 1) }
      let error = #expect(throws: ShapeError.self) { try layer(.zeros(input.prepending(2))) }
      #expect(error?.site.hasPrefix("\(Subject.self)(") == true, "\(Subject.self): \(error?.site ?? "")")
    }
    try check(Dense(outputs: 3), input: [4])
    try check(Embedding(vocabulary: 5, dimension: 3), input: [4])
    try check(EmbeddingBag(vocabulary: 5, dimension: 3), input: [4])
    try check(LearnedPositions(longest: 5), input: [4, 3])
    try check(MultiHeadAttention(heads: 1), input: [3, 4])
    try check(LSTM(hidden: 3), input: [4, 2])
    try check(GRU(hidden: 3), input: [4, 2])
    try check(Convolution2D(outputs: 2, kernel: 3), input: [1, 5, 5])
    try check(BatchNorm(), input: [3])
    try check(LayerNorm(), input: [3])
    try check(GroupNorm(groups: 1), input: [3])
    try check(RMSNorm(), input: [3])
    var critic = try Dense(weight: .zeros([2, 3]), bias: nil)
    critic.weight = .zeros([4, 3])
    #expect(throws: ShapeError.self) {
      try critic(.zeros([1, 3]), along: .zeros([1, 3]), in: Pass(.training))
    }
  }

  @Test func aLayerThatStandsTwiceHasStatisticsOfItsOwn() throws {
    let norm = try BatchNorm().initialized(for: [2], seed: 1)
    var model = try Sequential {
      norm
      norm
    }
    let pass = Pass(.training)
    _ = try model(Tensor([0, 10, 2, 14], shape: [2, 2]), in: pass)
    pass.commit(to: &model)
    #expect(model.buffers.first { $0.path == "0.running_mean" }?.value.array == [0.1, 1.2])
    #expect(model.buffers.first { $0.path == "1.running_mean" }?.value.array == [0, 0])
  }

  @Test func thePenaltyWantsRandomnessOfItsOwn() throws {
    let critic = try Dense(weight: Tensor([1, 2], shape: [1, 2]), bias: nil)
    #expect(throws: ShapeError.self) {
      try gradientPenalty(of: critic, between: .zeros([2, 2]), and: .zeros([2, 2]), in: .inference)
    }
  }

  @Test func longSumsKeepTheirLastTerms() throws {
    expectClose(
      try mean(Tensor(repeating: 0.1, shape: [1_000_000, 2]), along: [0]).array, [0.1, 0.1], tolerance: 1e-6)
  }
}
