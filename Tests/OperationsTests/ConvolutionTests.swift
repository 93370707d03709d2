import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct ConvolutionTests {
  @Test func aHandWorkedExample() throws {
    let image = try Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [1, 1, 3, 3])
    let weight = try Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    // 1·1 + 2·2 + 3·4 + 4·5 = 37, and so on.
    #expect(
      try convolution(image, weight: weight, bias: Tensor([10]))
        == Tensor([47, 57, 77, 87], shape: [1, 1, 2, 2]))
    // An even kernel leaves an odd element of padding: after the image.
    #expect(
      try convolution(image, weight: weight, bias: nil, padding: .same)
        == Tensor([37, 47, 21, 67, 77, 33, 23, 26, 9], shape: [1, 1, 3, 3]))
    let sequence = try Tensor([1, 2, 3, 4], shape: [1, 1, 4])
    #expect(
      try convolution(sequence, weight: Tensor([1, 10], shape: [1, 1, 2]), bias: nil, stride: 2)
        == Tensor([21, 43], shape: [1, 1, 2]))
  }

  @Test func theWayBackByHand() throws {
    let tape = Tape()
    let x = tape.watch(try Tensor([1, 2, 3], shape: [1, 1, 3]))
    let w = tape.watch(try Tensor([1, 10], shape: [1, 1, 2]))
    // The outputs 21 and 32 against targets one lower: error terms 2 · 1 / 2 = 1.
    let y = try convolution(x, weight: w, bias: nil)
    let gradients = try tape.gradients(of: meanSquaredError(y, Tensor([20, 31], shape: [1, 1, 2])))
    #expect(gradients[0]?.array == [1, 11, 10])
    #expect(gradients[1]?.array == [3, 5])
  }

  @Test func aOneRowImageIsASequence() throws {
    let (x, w) = (Tensor.normal([2, 4, 9], seed: 1), Tensor.normal([6, 2, 3], seed: 2))
    let bias = Tensor.normal([6], seed: 3)
    let sequence = try convolution(
      x, weight: w, bias: bias, stride: 2, padding: 1, dilation: 2, groups: 2, activation: .tanh)
    let image = try convolution(
      x.reshaped(to: [2, 4, 1, 9]), weight: w.reshaped(to: [6, 2, 1, 3]), bias: bias,
      stride: Extent(height: 1, width: 2), padding: .margins(Margins(height: 0, width: 1)),
      dilation: Extent(height: 1, width: 2), groups: 2, activation: .tanh)
    #expect(try image.reshaped(to: sequence.shape) == sequence)
  }

  @Test func gradientsAgreeWithDifferences() throws {
    let cases: [(stride: Extent, padding: Padding, dilation: Extent, groups: Int)] = [
      (1, .valid, 1, 1), (2, 1, 1, 2),
      (Extent(height: 1, width: 2), .same, Extent(height: 2, width: 1), 1),
      (1, .margins(Margins(top: 0, bottom: 2, left: 1, right: 0)), 1, 2),
    ]
    for (stride, padding, dilation, groups) in cases {
      let weight = Tensor.normal([2, 2 / groups, 2, 2], seed: 2)
      try checkGradients(at: [.normal([2, 2, 3, 4], seed: 1), weight, .normal([2], seed: 3)]) {
        try convolution(
          $0[0], weight: $0[1], bias: $0[2], stride: stride, padding: padding, dilation: dilation,
          groups: groups, activation: .tanh)
      }
      try checkGradients(at: [.normal([2, 2, 2, 2], seed: 1), weight, .normal([2], seed: 3)]) {
        try transposedConvolution(
          $0[0], weight: $0[1], bias: $0[2], stride: stride, padding: padding, dilation: dilation,
          groups: groups, activation: .tanh)
      }
    }
  }

  @Test func gradientsOfSequencesAndPixels() throws {
    try checkGradients(at: [
      .normal([2, 2, 5], seed: 1), .normal([3, 2, 2], seed: 2), .normal([3], seed: 3),
    ]) {
      try convolution($0[0], weight: $0[1], bias: $0[2], stride: 2)
    }
    try checkGradients(at: [
      .normal([2, 2, 3], seed: 1), .normal([2, 3, 2], seed: 2), .normal([3], seed: 3),
    ]) {
      try transposedConvolution($0[0], weight: $0[1], bias: $0[2], stride: 2, outputPadding: 1)
    }
    try checkGradients(at: [.normal([2, 2, 2, 2], seed: 1), .normal([3, 2, 1, 1], seed: 2)]) {
      let hidden = try convolution($0[0], weight: $0[1], bias: nil, activation: .tanh)
      return try transposedConvolution(hidden, weight: $0[1], bias: nil)
    }
  }

  /// ⟨conv x, y⟩ = ⟨x, deconv y⟩.
  @Test func aTransposedConvolutionIsTheAdjoint() throws {
    let cases: [(Int, Int, Int, Padding, Int, Int, Int)] = [
      (6, 3, 1, .valid, 0, 1, 1), (7, 3, 2, 1, 0, 1, 2), (8, 3, 2, 1, 1, 1, 1), (9, 2, 3, 1, 1, 3, 2),
      (6, 4, 2, .same, 0, 1, 1), (5, 1, 1, .valid, 0, 1, 1),
    ]
    for (size, kernel, stride, padding, extra, dilation, groups) in cases {
      let x = Tensor.normal([2, 4, size, size], seed: 1)
      let w = Tensor.normal([6, 4 / groups, kernel, kernel], seed: 2)
      let convolved = try convolution(
        x, weight: w, bias: nil, stride: Extent(stride), padding: padding, dilation: Extent(dilation),
        groups: groups)
      let y = Tensor.normal(convolved.shape, seed: 3)
      let transposed = try transposedConvolution(
        y, weight: w, bias: nil, stride: Extent(stride), padding: padding, outputPadding: Extent(extra),
        dilation: Extent(dilation), groups: groups)
      #expect(transposed.shape == x.shape)
      func product(_ a: Tensor, _ b: Tensor) -> Double {
        zip(a.array, b.array).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let (left, right) = (product(convolved, y), product(x, transposed))
      // Sums of a few thousand terms of about ±5.
      #expect(abs(left - right) < 1e-3, "\(left) and \(right) for size \(size)")
    }
  }

  @Test func anEmptyBatchGivesAnEmptyOutput() throws {
    let weight = Tensor.zeros([3, 2, 2, 2])
    #expect(try convolution(.zeros([0, 2, 4, 4]), weight: weight, bias: nil).shape == [0, 3, 3, 3])
    #expect(
      try transposedConvolution(.zeros([0, 3, 4, 4]), weight: weight, bias: nil).shape == [0, 2, 5, 5])
  }

  @Test func wrongShapesAndSettingsThrow() throws {
    let (x, w) = (Tensor.zeros([2, 4, 5, 5]), Tensor.zeros([6, 4, 3, 3]))
    func fails(
      _ x: Tensor, _ w: Tensor, _ bias: Tensor? = nil, stride: Extent = 1, padding: Padding = .valid,
      dilation: Extent = 1, groups: Int = 1, outputPadding: Extent? = nil,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(throws: ShapeError.self, sourceLocation: sourceLocation) {
        if let outputPadding {
          try transposedConvolution(
            x, weight: w, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
            dilation: dilation, groups: groups)
        } else {
          try convolution(
            x, weight: w, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
        }
      }
    }
    fails(.zeros([4, 5]), w)
    fails(x, .zeros([6, 4, 3]))
    fails(x, .zeros([6, 3, 3, 3]))
    fails(x, .zeros([6, 4, 6, 3]))
    fails(x, .zeros([6, 4, 0, 3]))
    fails(x, .zeros([0, 4, 3, 3]))
    fails(x, w, .zeros([5]))
    fails(.zeros([2, 4, 0, 5]), w, padding: 9)
    for bad in [0, -1, .min, .max] {
      fails(x, w, stride: Extent(bad))
      fails(x, w, dilation: Extent(bad))
      fails(x, w, groups: bad)
      if bad != 0 { fails(x, w, padding: .margins(Margins(bad))) }
    }
    fails(x, w, groups: 3)
    fails(x, w, padding: .margins(Margins(1 << 30)))

    let response = Tensor.zeros([2, 6, 3, 3])
    fails(response, w, .zeros([6]), outputPadding: 0)
    fails(response, w, padding: 4, outputPadding: 0)
    fails(response, w, outputPadding: 1)
    fails(response, w, outputPadding: -1)
    fails(response, w, stride: 2, padding: .same, outputPadding: 1)
    for bad in [0, -1, 1 << 30, .min, .max] {
      fails(response, w, stride: Extent(bad), outputPadding: 0)
      fails(response, w, dilation: Extent(bad), outputPadding: 0)
      fails(response, w, groups: bad, outputPadding: 0)
    }
    fails(x, w, outputPadding: 0)
  }

  @Test func errorsSayWhatWasExpected() {
    let error = #expect(throws: ShapeError.self) {
      try convolution(.zeros([2, 4, 2, 5]), weight: .zeros([6, 4, 3, 3]), bias: nil)
    }
    #expect(
      error?.description
        == "convolution expects a height of at least 3 for a kernel 3 of dilation 1, got 2 with padding 0 and 0"
    )
  }
}
