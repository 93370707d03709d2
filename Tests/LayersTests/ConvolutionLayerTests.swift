import Layers
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct ConvolutionLayerTests {
  @Test func passTheChecksOfALayer() throws {
    try checkLayer(
      Convolution2D(outputs: 4, kernel: 3, stride: 2, padding: 1, activation: .tanh), input: [2, 5, 4],
      output: [4, 3, 2], parameters: ["weight": [4, 2, 3, 3], "bias": [4]], wrongInput: [3, 5, 4])
    try checkLayer(
      Convolution2D(outputs: 6, kernel: Extent(height: 1, width: 2), padding: .same, groups: 3, bias: false),
      input: [3, 2, 3], output: [6, 2, 3], parameters: ["weight": [6, 1, 1, 2]], wrongInput: [3, 2])
    try checkLayer(
      Convolution1D(outputs: 2, kernel: 3, dilation: 2), input: [3, 7], output: [2, 3],
      parameters: ["weight": [2, 3, 3], "bias": [2]], wrongInput: [3, 4])
    try checkLayer(
      TransposedConvolution2D(outputs: 4, kernel: 4, stride: 2, padding: 1, activation: .relu),
      input: [2, 3, 2], output: [4, 6, 4], parameters: ["weight": [2, 4, 4, 4], "bias": [4]],
      wrongInput: [4, 3, 2])
    try checkLayer(
      TransposedConvolution1D(outputs: 4, kernel: 3, stride: 2, outputPadding: 1, groups: 2, bias: false),
      input: [2, 3], output: [4, 8], parameters: ["weight": [2, 2, 3]], wrongInput: [2, 3, 1])
  }

  private struct Settings: Decodable {
    let outputs: Int
    let kernel: [Int]
    let stride: [Int]
    let padding: [Int]
    let same: Bool?
    let outputPadding: [Int]?
    let dilation: [Int]
    let groups: Int
    let bias: Bool
    let activation: String

    var function: Activation {
      switch activation {
      case "tanh": .tanh
      case "relu": .relu
      default: .identity
      }
    }

    func extent(_ numbers: [Int]?) -> Extent {
      Extent(height: numbers?.first ?? 0, width: numbers?.last ?? 0)
    }

    var margins: Padding {
      let margins = extent(padding)
      return same == true ? .same : .margins(Margins(height: margins.height, width: margins.width))
    }
  }

  @Test(arguments: try ReferenceCase.all(in: "convolution")) func convolutionsAgreeWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let settings = try reference.settings(Settings.self)
    if settings.kernel.count == 2 {
      try checkLayer(
        Convolution2D(
          outputs: settings.outputs, kernel: settings.extent(settings.kernel),
          stride: settings.extent(settings.stride), padding: settings.margins,
          dilation: settings.extent(settings.dilation), groups: settings.groups,
          activation: settings.function, bias: settings.bias), against: reference)
    } else {
      try checkLayer(
        Convolution1D(
          outputs: settings.outputs, kernel: settings.kernel[0], stride: settings.stride[0],
          padding: settings.margins, dilation: settings.dilation[0], groups: settings.groups,
          activation: settings.function, bias: settings.bias), against: reference)
    }
  }

  @Test(arguments: try ReferenceCase.all(in: "deconvolution")) func transposedConvolutionsAgreeWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let settings = try reference.settings(Settings.self)
    if settings.kernel.count == 2 {
      try checkLayer(
        TransposedConvolution2D(
          outputs: settings.outputs, kernel: settings.extent(settings.kernel),
          stride: settings.extent(settings.stride), padding: settings.margins,
          outputPadding: settings.extent(settings.outputPadding),
          dilation: settings.extent(settings.dilation), groups: settings.groups,
          activation: settings.function, bias: settings.bias), against: reference)
    } else {
      try checkLayer(
        TransposedConvolution1D(
          outputs: settings.outputs, kernel: settings.kernel[0], stride: settings.stride[0],
          padding: settings.margins, outputPadding: settings.outputPadding?[0] ?? 0,
          dilation: settings.dilation[0], groups: settings.groups, activation: settings.function,
          bias: settings.bias), against: reference)
    }
  }

  @Test func badSettingsThrow() {
    for bad in [0, -1, .min, .max] {
      for layer in [
        Convolution2D(outputs: bad, kernel: 1), Convolution2D(outputs: 1, kernel: Extent(bad)),
        Convolution2D(outputs: 1, kernel: 1, stride: Extent(bad)),
        Convolution2D(outputs: 1, kernel: 1, dilation: Extent(bad)),
        Convolution2D(outputs: 1, kernel: 1, groups: bad), TransposedConvolution2D(outputs: bad, kernel: 1),
        TransposedConvolution2D(outputs: 1, kernel: Extent(bad)),
        TransposedConvolution2D(outputs: 1, kernel: 1, stride: Extent(bad)),
        TransposedConvolution2D(outputs: 1, kernel: 1, groups: bad),
      ] as [any Layer] {
        #expect(throws: ShapeError.self, "\(layer)") { try layer.outputShape(for: [1, 4, 4]) }
        #expect(throws: ShapeError.self, "\(layer)") { _ = try layer.initialized(for: [1, 4, 4], seed: 1) }
      }
    }
    #expect(throws: ShapeError.self) { try Convolution2D(outputs: 1, kernel: 1)(.zeros([1, 1, 2, 2])) }
    #expect(throws: ShapeError.self) {
      try Convolution1D(outputs: 1 << 30, kernel: 3).initialized(for: [1 << 20, 8], seed: 1)
    }
  }

  @Test func aWeightOfAnotherShapeThrows() throws {
    var layer = try Convolution2D(outputs: 4, kernel: 3).initialized(for: [2, 5, 5], seed: 1)
    for shape in [[], [4], [4, 2, 3], [4, 2, 3, 2], [2, 2, 3, 3], [4, 3, 3, 3]] as [Shape] {
      layer.weight = .zeros(shape)
      #expect(throws: ShapeError.self) { try layer(.zeros([1, 2, 5, 5])) }
    }
    layer.weight = .zeros([4, 2, 3, 3])
    #expect(try layer(.zeros([1, 2, 5, 5])).shape == [1, 4, 3, 3])
  }

  @Test func eightImagesAreOverfitted() throws {
    var model = try Sequential(input: [1, 6, 6], seed: 3) {
      Convolution2D(outputs: 4, kernel: 3, padding: .same, activation: .relu)
      MaxPool2D(kernel: 2)
      Convolution2D(outputs: 6, kernel: 3, padding: .same, groups: 2, activation: .tanh)
      GlobalAveragePool()
      Dense(outputs: 2)
    }
    let images = Tensor.normal([8, 1, 6, 6], seed: 4)
    let labels = [0, 1, 1, 0, 1, 0, 0, 1]
    var descent = SGD(learningRate: 0.5)
    var losses: [Float] = []
    for _ in 0..<80 {
      let (loss, gradients) = try model.valueAndGradients { try softmaxCrossEntropy($0(images), labels) }
      try descent.update(&model, with: gradients)
      losses.append(try loss.item())
    }
    #expect(losses[0] > 0.5 && losses[79] < 0.05, "\(losses[0]) to \(losses[79])")
  }

  @Test func errorsNameTheLayer() throws {
    let model = try Sequential(input: [3, 8, 8], seed: 1) {
      Convolution2D(outputs: 8, kernel: 3, activation: .relu).named("features")
      MaxPool2D(kernel: 2)
      Flatten()
      Dense(outputs: 10)
    }
    #expect(try model(.zeros([5, 3, 8, 8])).shape == [5, 10])
    let error = #expect(throws: ShapeError.self) { try model(.zeros([5, 1, 8, 8])) }
    #expect(
      error?.description
        == "features: Convolution2D(3 → 8, kernel: 3, relu) expects [batch, 3, height, width], got [5, 1, 8, 8]"
    )
    #expect(throws: ShapeError.self) { try model(.zeros([5, 3, 2, 8])) }
    let layer = try Convolution2D(outputs: 4, kernel: 1).initialized(for: [2, 5, 4], seed: 1)
    #expect(
      message { _ = try layer.outputShape(for: [3, 5, 4]) }
        == "Convolution2D(2 → 4, kernel: 1) expects [2, height, width] for an example, got [3, 5, 4]")
  }

  @Test func printAsTheCallsThatMakeThem() throws {
    let layer = Convolution2D(
      outputs: 8, kernel: Extent(height: 3, width: 1), stride: 2, padding: .same, groups: 3, bias: false)
    let initialized = try Convolution1D(
      outputs: 2, kernel: 3, stride: 2, padding: .margins(Margins(before: 2, after: 0))
    ).initialized(for: [4, 9], seed: 1)
    #expect("\(layer)" == "Convolution2D(→ 8, kernel: 3 × 1, stride: 2, padding: same, groups: 3, no bias)")
    #expect(
      "\(initialized)" == "Convolution1D(4 → 2, kernel: 3, stride: 2, padding: (before: 2, after: 0))")
    #expect(
      "\(TransposedConvolution1D(outputs: 2, kernel: 4, stride: 2, padding: 1, dilation: 3))"
        == "TransposedConvolution1D(→ 2, kernel: 4, stride: 2, padding: 1, dilation: 3)")
    #expect(
      "\(TransposedConvolution2D(outputs: 2, kernel: 3, stride: 2, outputPadding: 1))"
        == "TransposedConvolution2D(→ 2, kernel: 3, stride: 2, outputPadding: 1)")
  }

  @Test func weightsBeginInTheBoundsOfTheirFan() throws {
    // 3 channels · 3 · 3 a neuron sees: He's bound is √(6 / 27).
    let bound = (6 / 27 as Float).squareRoot()
    let convolution = try Convolution2D(outputs: 16, kernel: 3, activation: .relu)
      .initialized(for: [3, 5, 5], seed: 1)
    let transposed = try TransposedConvolution2D(outputs: 16, kernel: 3, activation: .relu)
      .initialized(for: [3, 5, 5], seed: 1)
    for weight in [convolution.weight, transposed.weight] {
      let greatest = try #require(weight).array.map(abs).max() ?? 0
      #expect(greatest < bound && greatest > 0.9 * bound)
    }
  }
}
