import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct NormalizationTests {
  @Test func byHand() throws {
    // Features (1, 3) and (2, 6): means 2 and 4, variances 1 and 4.
    let x = try Tensor([1, 2, 3, 6], shape: [2, 2])
    let (batch, mean, variance) = try batchNormalization(
      x, weight: Tensor([2, 3]), bias: Tensor([0, 1]), epsilon: 0)
    #expect(batch.array == [-2, -2, 2, 4])
    #expect(mean.array == [2, 4])
    #expect(variance.array == [1, 4])
    let inference = try batchNormalization(
      x, mean: Tensor([1, 0]), variance: Tensor([4, 1]), weight: nil, bias: nil, epsilon: 0)
    #expect(inference.array == [0, 2, 1, 6])
    // Rows (1, 2) and (3, 6): means 1.5 and 4.5, deviations 0.5 and 1.5.
    let layer = try layerNormalization(x, over: [2], weight: Tensor([1, 2]), bias: nil, epsilon: 0)
    #expect(layer.array == [-1, 2, -1, 2])
    #expect(
      try groupNormalization(x, groups: 1, weight: Tensor([1, 2]), bias: nil, epsilon: 0).array
        == layer.array)
    let rms = try rmsNormalization(Tensor([3, 4, 0, 5], shape: [2, 2]), over: [2], weight: nil, epsilon: 0)
    let root = Float(12.5).squareRoot()
    expectClose(rms.array, [3 / root, 4 / root, 0, 5 / root], tolerance: 1e-6)
  }

  @Test func gradientsAgreeWithDifferences() throws {
    for shape in [[5, 3], [3, 2, 5], [2, 3, 2, 2]] as [Shape] {
      let channels = shape[1]
      let inputs: [Tensor] = [
        .normal(shape, seed: 1), .normal([channels], seed: 2), .normal([channels], seed: 3),
      ]
      try checkGradients(at: inputs) {
        try batchNormalization($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1).output
      }
      try checkGradients(at: inputs) {
        try batchNormalization(
          $0[0], mean: .normal([channels], seed: 4), variance: Tensor(repeating: 0.5, shape: [channels]),
          weight: $0[1], bias: $0[2])
      }
      try checkGradients(at: inputs) {
        try groupNormalization($0[0], groups: 1, weight: $0[1], bias: $0[2], epsilon: 0.1)
      }
      let last = shape.droppingFirst
      let affine: [Tensor] = [.normal(shape, seed: 5), .normal(last, seed: 6), .normal(last, seed: 7)]
      try checkGradients(at: affine) {
        try layerNormalization($0[0], over: last, weight: $0[1], bias: $0[2], epsilon: 0.1)
      }
      try checkGradients(at: affine) {
        try rmsNormalization($0[0], over: last, weight: $0[1], epsilon: 0.1)
      }
      try checkGradients(at: [affine[0], affine[2]]) {
        try layerNormalization($0[0], over: last, weight: nil, bias: $0[1], epsilon: 0.1)
      }
    }
    try checkGradients(at: [.normal([2, 6, 2], seed: 1), .normal([6], seed: 2)]) {
      try groupNormalization($0[0], groups: 3, weight: $0[1], bias: nil, epsilon: 0.1)
    }
  }

  /// Against the formula, element by element in double precision, on memory that was poisoned.
  @Test func agreesWithTheFormula() throws {
    var random = RandomSource(seed: 21)
    for round in 0..<30 {
      let sizes = (0..<Int.random(in: 2...4, using: &random)).map { _ in Int.random(in: 1...6, using: &random)
      }
      let shape = Shape([sizes[0] + 1] + sizes.dropFirst())
      let mean = ([0, 1, -100, 10_000] as [Float]).randomElement(using: &random) ?? 0
      var x = Tensor.normal(shape, &random)
      x.withUnsafeMutableElements { for index in $0.indices { $0[index] += mean } }
      let epsilon = ([1e-5, 1e-3, 1] as [Double]).randomElement(using: &random) ?? 1
      let (outer, channels) = (shape[0], shape[1])
      let inner = shape.count / outer / channels
      let affine = (Tensor.normal([channels], &random), Tensor.normal([channels], &random))
      let channel = (0..<shape.count).map { $0 / inner % channels }

      func compare(_ actual: Tensor, groups: [Int], centred: Bool = true, _ name: String) {
        let normalized = normalizedByFormula(x.array, groups: groups, epsilon: epsilon, centred: centred)
        let expected = normalized.indices.map { index in
          Float(normalized[index] * Double(affine.0.array[channel[index]]))
            + (centred ? affine.1.array[channel[index]] : 0)
        }
        expectClose(actual.array, expected, tolerance: 1e-5, "round \(round), \(name) \(shape), mean \(mean)")
      }
      poison(shape.count, channels)
      compare(
        try batchNormalization(x, weight: affine.0, bias: affine.1, epsilon: Float(epsilon)).output,
        groups: channel, "batch")
      let groups = (1...channels).filter(channels.isMultiple(of:)).randomElement(using: &random) ?? 1
      let groupOf = (0..<shape.count).map { $0 / (inner * channels / groups) }
      poison(shape.count, channels)
      compare(
        try groupNormalization(
          x, groups: groups, weight: affine.0, bias: affine.1, epsilon: Float(epsilon)),
        groups: groupOf, "group \(groups)")
      guard shape.rank == 2 else { continue }
      let rows = (0..<shape.count).map { $0 / channels }
      poison(shape.count, channels)
      compare(
        try layerNormalization(
          x, over: [channels], weight: affine.0, bias: affine.1, epsilon: Float(epsilon)),
        groups: rows, "layer")
      poison(shape.count, channels)
      compare(
        try rmsNormalization(x, over: [channels], weight: affine.0, epsilon: Float(epsilon)),
        groups: rows, centred: false, "root mean square")
    }
  }

  /// The error terms that reach x, ω and w₀, element by element in double precision, in poisoned memory.
  @Test(arguments: 0..<30) func theWayBackAgreesWithTheFormula(_ number: Int) throws {
    var random = RandomSource(seed: UInt64(number))
    let sizes = (0..<Int.random(in: 2...4, using: &random)).map { _ in Int.random(in: 1...6, using: &random) }
    let shape = Shape([sizes[0] + 1] + sizes.dropFirst())
    let (x, error) = (Tensor.normal(shape, &random), Tensor.normal(shape, &random))
    let channels = shape[1]
    let inner = shape.count / shape[0] / channels
    let inputs = [x, Tensor.normal([channels], &random), Tensor.normal([channels], &random)]
    let channel = (0..<shape.count).map { $0 / inner % channels }
    func compare(
      _ name: String, groups: [Int], centred: Bool = true, _ function: ([Tensor]) throws -> Tensor
    ) throws {
      let expected = wayBackByFormula(
        x.array, error.array, weight: channel.map { inputs[1].array[$0] }, groups: groups, channel: channel,
        epsilon: 0.1, centred: centred)
      let got = try poisonedGradients(at: inputs, weights: error, of: function)
      for (part, (got, expected)) in zip(got, expected).enumerated() where centred || part < 2 {
        expectClose(got, expected, tolerance: 1e-5, "\(name) \(shape), input \(part)")
      }
    }
    try compare("batch", groups: channel) {
      try batchNormalization($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1).output
    }
    let parts = (1...channels).filter(channels.isMultiple(of:)).randomElement(using: &random) ?? 1
    try compare("group", groups: (0..<shape.count).map { $0 / (inner * channels / parts) }) {
      try groupNormalization($0[0], groups: parts, weight: $0[1], bias: $0[2], epsilon: 0.1)
    }
    guard shape.rank == 2 else { return }
    let rows = (0..<shape.count).map { $0 / channels }
    try compare("layer", groups: rows) {
      try layerNormalization($0[0], over: [channels], weight: $0[1], bias: $0[2], epsilon: 0.1)
    }
    try compare("root mean square", groups: rows, centred: false) {
      try rmsNormalization($0[0], over: [channels], weight: $0[1], epsilon: 0.1)
    }
  }

  @Test func longSumsKeepTheirDigits() throws {
    for shape in [[1, 1, 20_000], [20_000, 1]] as [Shape] {
      var x = Tensor.normal(shape, seed: 3)
      x.withUnsafeMutableElements { for index in $0.indices { $0[index] += 4096 } }
      let values = x.array.map(Double.init)
      let mean = values.reduce(0, +) / 20_000
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
      let got = try batchNormalization(x, weight: nil, bias: nil, epsilon: 0)
      expectClose([try got.variance.item()], [Float(variance)], tolerance: 1e-6)
      expectClose(
        got.output.array, values.map { Float(($0 - mean) / variance.squareRoot()) }, tolerance: 1e-6)
    }
  }

  @Test func equalValuesBecomeTheBias() throws {
    let x = Tensor(repeating: 0.1, shape: [3, 7])
    let bias = Tensor.normal([7], seed: 1)
    for output in [
      try batchNormalization(x, weight: bias, bias: bias).output,
      try layerNormalization(x, over: [7], weight: bias, bias: bias),
      try groupNormalization(x, groups: 7, weight: bias, bias: bias),
    ] {
      expectClose(output.array, bias.array + bias.array + bias.array, tolerance: 1e-5)
    }
  }

  @Test func emptyBatches() throws {
    let empty = Tensor.zeros([0, 4, 3])
    let constant = Tensor(repeating: 1, shape: [4])
    #expect(
      try batchNormalization(empty, mean: constant, variance: constant, weight: nil, bias: nil) == empty)
    #expect(try layerNormalization(empty, over: [4, 3], weight: nil, bias: nil) == empty)
    #expect(try rmsNormalization(empty, over: [3], weight: nil) == empty)
    #expect(try groupNormalization(empty, groups: 2, weight: nil, bias: nil) == empty)
    #expect(throws: ShapeError.self) { try batchNormalization(empty, weight: nil, bias: nil) }
  }

  @Test func wrongShapesAndSettingsThrow() {
    let x = Tensor.zeros([2, 3])
    let three = Tensor.zeros([3])
    #expect(
      message { _ = try batchNormalization(.zeros([1, 3]), weight: nil, bias: nil) }
        == "batchNormalization expects more than one value for each channel in training, got [1, 3]")
    for wrong in [Tensor.zeros([2]), .zeros([3, 1]), .zeros([])] {
      #expect(throws: ShapeError.self) { try batchNormalization(x, weight: wrong, bias: nil) }
      #expect(throws: ShapeError.self) { try batchNormalization(x, weight: nil, bias: wrong) }
      #expect(throws: ShapeError.self) {
        try batchNormalization(x, mean: wrong, variance: three, weight: nil, bias: nil)
      }
      #expect(throws: ShapeError.self) {
        try batchNormalization(x, mean: three, variance: wrong, weight: nil, bias: nil)
      }
      #expect(throws: ShapeError.self) { try layerNormalization(x, over: [3], weight: wrong, bias: nil) }
      #expect(throws: ShapeError.self) { try rmsNormalization(x, over: [3], weight: wrong) }
      #expect(throws: ShapeError.self) { try groupNormalization(x, groups: 3, weight: nil, bias: wrong) }
    }
    for shape in [[], [2], [2, 2, 3], [0]] as [Shape] {
      #expect(throws: ShapeError.self) { try layerNormalization(x, over: shape, weight: nil, bias: nil) }
      #expect(throws: ShapeError.self) { try rmsNormalization(x, over: shape, weight: nil) }
    }
    for groups in [-1, 0, 2, 4] {
      #expect(throws: ShapeError.self) {
        try groupNormalization(x, groups: groups, weight: nil, bias: nil)
      }
    }
    for epsilon in [-1, .nan, .infinity] as [Float] {
      #expect(throws: ShapeError.self) {
        try batchNormalization(x, weight: nil, bias: nil, epsilon: epsilon)
      }
      #expect(throws: ShapeError.self) { try rmsNormalization(x, over: [3], weight: nil, epsilon: epsilon) }
    }
    #expect(throws: ShapeError.self) { try batchNormalization(three, weight: nil, bias: nil) }
    #expect(throws: ShapeError.self) { try groupNormalization(three, groups: 1, weight: nil, bias: nil) }
  }
}

/// Not on every backend: no product is in these operations.
@Suite struct NormalizationThreadsTests {
  @Test func threadsDoNotChangeAnyBit() async {
    await #expect(processExitsWith: .success) {
      func results(_ shape: Shape, _ function: (Tensor, Tensor) throws -> Tensor) throws -> [Tensor?] {
        let tape = Tape()
        let (input, weight) = (Tensor.normal(shape, seed: 1), Tensor.normal([shape[1]], seed: 2))
        let output = try function(tape.watch(input), tape.watch(weight))
        return try [output.detached] + tape.gradients(of: meanSquaredError(output, input))
      }
      func check(_ shape: Shape, _ function: (Tensor, Tensor) throws -> Tensor) throws {
        Threads.count = 1
        let serial = try results(shape, function)
        Threads.count = 2
        try #require(try results(shape, function) == serial)
      }
      try check([66, 1000]) { try batchNormalization($0, weight: $1, bias: nil).output }
      try check([2, 8, 4200]) { try groupNormalization($0, groups: 4, weight: $1, bias: nil) }
    }
  }
}

/// (x − μ) / √(σ² + ε) with the statistics of the elements that bear the same number.
private func normalizedByFormula(_ x: [Float], groups: [Int], epsilon: Double, centred: Bool) -> [Double] {
  var members: [Int: [Double]] = [:]
  for (value, group) in zip(x, groups) { members[group, default: []].append(Double(value)) }
  let statistics = members.mapValues { values in
    let mean = centred ? values.reduce(0, +) / Double(values.count) : 0
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
  }
  return zip(x, groups).map { value, group in
    let (mean, variance) = statistics[group] ?? (0, 0)
    return (Double(value) - mean) / (variance + epsilon).squareRoot()
  }
}

/// With g = error · ω and means over the elements that bear the same number:
/// ∂loss/∂x = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε), without mean(g) where x is not centred;
/// ∂loss/∂ω = Σ error · x̂ and ∂loss/∂w₀ = Σ error, over the elements of a channel.
private func wayBackByFormula(
  _ x: [Float], _ error: [Float], weight: [Float], groups: [Int], channel: [Int], epsilon: Double,
  centred: Bool
) -> [[Float]] {
  let normalized = normalizedByFormula(x, groups: groups, epsilon: epsilon, centred: centred)
  let scaled = zip(error, weight).map { Double($0) * Double($1) }
  let channels = (channel.max() ?? 0) + 1
  var (weights, biases) = (
    [Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels)
  )
  for index in x.indices {
    weights[channel[index]] += Double(error[index]) * normalized[index]
    biases[channel[index]] += Double(error[index])
  }
  var members: [Int: [Int]] = [:]
  for (index, group) in groups.enumerated() { members[group, default: []].append(index) }
  var inputs = [Float](repeating: 0, count: x.count)
  for indices in members.values {
    let count = Double(indices.count)
    let mean = centred ? indices.reduce(0) { $0 + Double(x[$1]) } / count : 0
    let variance = indices.reduce(0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) } / count
    let meanError = centred ? indices.reduce(0) { $0 + scaled[$1] } / count : 0
    let slope = indices.reduce(0) { $0 + scaled[$1] * normalized[$1] } / count
    for index in indices {
      inputs[index] = Float(
        (scaled[index] - meanError - normalized[index] * slope) / (variance + epsilon).squareRoot())
    }
  }
  return [inputs, weights.map { Float($0) }, biases.map { Float($0) }]
}
