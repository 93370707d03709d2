import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct PoolingTests {
  private let image: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]

  @Test func handWorkedExamples() throws {
    let x = try Tensor(image, shape: [1, 1, 4, 4])
    #expect(try maxPool(x, kernel: 2).array == [6, 8, 14, 16])
    #expect(try averagePool(x, kernel: 2).array == [3.5, 5.5, 11.5, 13.5])
    #expect(try averagePool(x, kernel: 2, stride: 4, padding: 1).array == [0.25, 1, 3.25, 4])
    #expect(
      try averagePool(x, kernel: 2, stride: 4, padding: 1, countsPadding: false).array == [1, 4, 13, 16])
    #expect(try maxPool(x, kernel: 3, stride: 1, dilation: 1).array == [11, 12, 15, 16])
    #expect(try globalAveragePool(x) == Tensor([8.5], shape: [1, 1]))
    #expect(try globalMaxPool(x) == Tensor([16], shape: [1, 1]))
    #expect(try adaptiveAveragePool(x, to: Extent(height: 1, width: 3)).array == [7.5, 8.5, 9.5])
    #expect(try maxPool(Tensor([3, 1, 2, 5], shape: [1, 1, 4]), kernel: 2, stride: 1).array == [3, 2, 5])
  }

  @Test func theErrorTermFlowsToTheFirstOfEqualElements() throws {
    for pool in [{ try maxPool($0, kernel: 2) }, globalMaxPool] as [(Tensor) throws -> Tensor] {
      let tape = Tape()
      let x = tape.watch(try Tensor([3, 7, 7, 7], shape: [1, 1, 2, 2]))
      let y = try pool(x)
      // (7 − 6)²: an error term of 2.
      let gradient = try tape.gradients(of: meanSquaredError(y, Tensor(repeating: 6, shape: y.shape)))[0]
      #expect(gradient?.array == [0, 2, 0, 0])
    }
  }

  @Test func infinityAndNaNAreFound() throws {
    let low = Tensor(repeating: -.infinity, shape: [1, 1, 2, 2])
    #expect(try maxPool(low, kernel: 2).array == [-.infinity])
    #expect(try globalMaxPool(low).array == [-.infinity])
    let x = try Tensor([1, .nan, 3, 4], shape: [1, 1, 2, 2])
    #expect(try maxPool(x, kernel: 2).array[0].isNaN)
    #expect(try globalMaxPool(x).array[0].isNaN)
    for pool in [{ try maxPool($0, kernel: 2) }, globalMaxPool] as [(Tensor) throws -> Tensor] {
      for x in [low, x] {
        let tape = Tape()
        let y = try pool(tape.watch(x))
        _ = try tape.gradients(of: meanSquaredError(y, y.detached))
      }
    }
  }

  @Test func gradientsAgreeWithDifferences() throws {
    // Elements 0.3 apart, so that a difference of 1/64 does not change which is the greatest.
    var random = RandomSource(seed: 5)
    let order = random.permutation(2 * 5 * 4)
    let x = try Tensor(order.map { 0.3 * Float($0) }, shape: [1, 2, 5, 4])
    try checkGradients(at: [x]) { try maxPool($0[0], kernel: 2) }
    try checkGradients(at: [x]) { try maxPool($0[0], kernel: 3, stride: 2, padding: 1) }
    try checkGradients(at: [x]) { try maxPool($0[0], kernel: 2, stride: 1, dilation: 2) }
    try checkGradients(at: [x]) { try averagePool($0[0], kernel: 3, stride: 2, padding: 1) }
    try checkGradients(at: [x]) {
      try averagePool($0[0], kernel: 2, stride: 1, padding: 1, countsPadding: false)
    }
    try checkGradients(at: [x]) { try globalAveragePool($0[0]) }
    try checkGradients(at: [x]) { try globalMaxPool($0[0]) }
    try checkGradients(at: [x]) { try adaptiveAveragePool($0[0], to: Extent(height: 3, width: 7)) }
    // A value used twice: error terms are added to what is there.
    try checkGradients(at: [x]) { inputs in
      let x = inputs[0]
      let sums = try [
        globalAveragePool(x), globalMaxPool(x),
        flatten(maxPool(x, kernel: Extent(height: 5, width: 4)), from: 1),
        flatten(averagePool(x, kernel: Extent(height: 5, width: 4)), from: 1),
        flatten(adaptiveAveragePool(x, to: 1), from: 1),
      ]
      return try sums.dropFirst().reduce(sums[0]) {
        try linear($0, weight: Tensor([1, 2, 0, 1], shape: [2, 2]), bias: nil).plus($1)
      }
    }
  }

  @Test func agreesWithADirectLoop() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("PoolingTests: seed \(seed)")
    var random = RandomSource(seed: seed)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func extent(_ range: ClosedRange<Int>) -> Extent { Extent(height: number(range), width: number(range)) }
    for _ in 0..<60 {
      let shape = Shape([2, number(1...2), number(1...6), number(1...6)])
      let (kernel, stride, dilation) = (extent(1...3), extent(1...3), number(0...1) == 0 ? 1 : extent(1...3))
      let padding = Padding.margins(
        Margins(top: number(0...2), bottom: number(0...2), left: number(0...2), right: number(0...2)))
      guard
        let geometry = try? ConvolutionGeometry(
          image: shape, outputs: shape[1], kernel: kernel, stride: stride, padding: padding,
          dilation: dilation,
          groups: shape[1])
      else { continue }
      let x = Tensor.normal(shape, &random)
      var (maxima, means): ([Float], [Float]) = ([], [])
      for plane in 0..<shape[0] * shape[1] {
        for y in 0..<geometry.height.count {
          for column in 0..<geometry.width.count {
            var elements: [Float] = []
            for i in 0..<kernel.height {
              for j in 0..<kernel.width {
                let row = y * stride.height + i * dilation.height - geometry.height.before
                let column = column * stride.width + j * dilation.width - geometry.width.before
                guard row >= 0, row < shape[2], column >= 0, column < shape[3] else { continue }
                elements.append(x[plane / shape[1], plane % shape[1], row, column])
              }
            }
            maxima.append(elements.max() ?? .nan)
            means.append(elements.reduce(0, +) / Float(elements.count))
          }
        }
      }
      let name = "seed \(seed): \(geometry)"
      if maxima.contains(where: \.isNaN) {
        #expect(throws: ShapeError.self, "\(name)") {
          try maxPool(x, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
        }
        continue
      }
      let maximum = try maxPool(x, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
      #expect(maximum.array == maxima, "\(name)")
      guard dilation == 1 else { continue }
      let mean = try averagePool(
        x, kernel: kernel, stride: stride, padding: padding, countsPadding: false)
      expectClose(mean.array, means, tolerance: 1e-6, name)
    }
  }

  @Test(arguments: try ReferenceCase.all(in: "pooling")) func agreesWithPyTorch(_ reference: ReferenceCase)
    throws
  {
    let settings = try reference.settings(PoolingSettings.self)
    try checkOperation(against: reference) { inputs in
      let x = inputs[0]
      return switch settings.kind {
      case "max":
        try maxPool(
          x, kernel: settings.extent(settings.kernel), stride: settings.extent(settings.stride),
          padding: settings.margins, dilation: settings.extent(settings.dilation))
      case "average":
        try averagePool(
          x, kernel: settings.extent(settings.kernel), stride: settings.extent(settings.stride),
          padding: settings.margins, countsPadding: settings.countsPadding)
      case "adaptive": try adaptiveAveragePool(x, to: settings.extent(settings.size))
      case "global-average": try globalAveragePool(x)
      default: try globalMaxPool(x)
      }
    }
  }

  @Test func wrongShapesAndSettingsThrow() {
    let x = Tensor.zeros([1, 2, 4, 4])
    for bad in [0, -1, 5, .min, .max] {
      #expect(throws: ShapeError.self) { try maxPool(x, kernel: Extent(bad)) }
      #expect(throws: ShapeError.self) { try averagePool(x, kernel: Extent(bad)) }
    }
    for bad in [0, -1, .min, .max] {
      #expect(throws: ShapeError.self) { try maxPool(x, kernel: 2, stride: Extent(bad)) }
      #expect(throws: ShapeError.self) { try maxPool(x, kernel: 2, dilation: Extent(bad)) }
      #expect(throws: ShapeError.self) { try adaptiveAveragePool(x, to: Extent(bad)) }
    }
    // Windows in the padding alone: beside the image, and around it.
    #expect(throws: ShapeError.self) { try maxPool(x, kernel: 2, padding: 2) }
    #expect(throws: ShapeError.self) { try averagePool(x, kernel: 2, padding: 2) }
    #expect(throws: ShapeError.self) { try maxPool(.zeros([1, 1, 2]), kernel: 2, padding: 1, dilation: 3) }
    for shape in [[], [4], [2, 4], [1, 2, 0, 4], [1, 0, 2, 2], [1, 1, 1, 1, 1]] as [Shape] {
      #expect(throws: ShapeError.self) { try maxPool(.zeros(shape), kernel: 1) }
      #expect(throws: ShapeError.self) { try averagePool(.zeros(shape), kernel: 1) }
    }
    for shape in [[], [4], [2, 4], [1, 2, 0, 4]] as [Shape] {
      #expect(throws: ShapeError.self) { try globalAveragePool(.zeros(shape)) }
      #expect(throws: ShapeError.self) { try globalMaxPool(.zeros(shape)) }
      #expect(throws: ShapeError.self) { try adaptiveAveragePool(.zeros(shape), to: 1) }
    }
  }
}

/// The settings of `Tests/Fixtures/pooling.py`.
struct PoolingSettings: Decodable {
  let kind: String
  let kernel: [Int]
  let stride: [Int]
  let padding: [Int]
  let dilation: [Int]
  let countsPadding: Bool
  let size: [Int]

  func extent(_ numbers: [Int]) -> Extent { Extent(height: numbers[0], width: numbers[numbers.count - 1]) }

  var margins: Padding { .margins(Margins(height: padding[0], width: padding[padding.count - 1])) }
}

extension Tensor {
  /// This sum of tensors as one operation of its own, to use a value several times.
  fileprivate func plus(_ other: Tensor) throws -> Tensor {
    var sum = detached
    sum.add(other)
    return try sum.recorded(from: self, other) { Plus() }
  }
}

private struct Plus: DifferentiableOperation {
  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    inputs.add(error.detached, to: 0)
    inputs.add(error, to: 1)
  }
}
