import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct ImageLayerTests {
  @Test func passTheChecksOfALayer() throws {
    func check(
      _ layer: some Layer, _ input: Shape, _ output: Shape, wrong: Shape?,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      try checkLayer(
        layer, input: input, output: output, parameters: [:], wrongInput: wrong,
        sourceLocation: sourceLocation)
    }
    try check(MaxPool1D(kernel: 2), [3, 7], [3, 3], wrong: [3, 1])
    try check(MaxPool2D(kernel: 3, stride: 2, padding: 1), [2, 5, 4], [2, 3, 2], wrong: [2, 5])
    try check(MaxPool2D(kernel: 2, stride: 1, dilation: 3), [2, 5, 4], [2, 2, 1], wrong: [2, 3, 3])
    try check(AveragePool1D(kernel: 3, stride: 1, padding: .same), [3, 7], [3, 7], wrong: [3, 7, 1])
    try check(AveragePool2D(kernel: 2, countsPadding: false), [2, 5, 4], [2, 2, 2], wrong: [2, 5, 1])
    try check(GlobalAveragePool(), [4, 3, 2], [4], wrong: [4])
    try check(GlobalMaxPool(), [4, 3], [4], wrong: [4, 0])
    try check(AdaptiveAveragePool2D(Extent(height: 2, width: 3)), [4, 5, 5], [4, 2, 3], wrong: [4, 5])
    try check(Upsample(scale: Extent(height: 2, width: 3)), [2, 2, 3], [2, 4, 9], wrong: [2])
    try check(Upsample(scale: 2, interpolation: .bilinear()), [2, 3], [2, 6], wrong: [2, 0])
    try check(
      Upsample(size: 5, interpolation: .bilinear(alignCorners: true)), [2, 3, 2], [2, 5, 5], wrong: [4])
    try check(
      ZeroPadding2D(Margins(top: 1, bottom: 0, left: 2, right: 0)), [2, 3, 2], [2, 4, 4], wrong: [3, 2])
    try check(Flatten(), [2, 3, 2], [12], wrong: nil)
    try check(Flatten(), [], [1], wrong: nil)
    try check(Reshape([3, 2, 2]), [2, 6], [3, 2, 2], wrong: [2, 5])
  }

  private struct PoolingSettings: Decodable {
    let kind: String
    let kernel: [Int]
    let stride: [Int]
    let padding: [Int]
    let dilation: [Int]
    let countsPadding: Bool
    let size: [Int]

    var margins: Padding { .margins(Margins(height: padding[0], width: padding[padding.count - 1])) }
  }

  @Test(arguments: try ReferenceCase.all(in: "pooling")) func poolingAgreesWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let settings = try reference.settings(PoolingSettings.self)
    let (kernel, stride, dilation) = (settings.kernel, settings.stride, settings.dilation)
    switch (settings.kind, kernel.count) {
    case ("max", 1):
      try checkLayer(
        MaxPool1D(kernel: kernel[0], stride: stride[0], padding: settings.margins, dilation: dilation[0]),
        against: reference)
    case ("max", _):
      try checkLayer(
        MaxPool2D(
          kernel: extent(kernel), stride: extent(stride), padding: settings.margins,
          dilation: extent(dilation)), against: reference)
    case ("average", 1):
      try checkLayer(
        AveragePool1D(
          kernel: kernel[0], stride: stride[0], padding: settings.margins,
          countsPadding: settings.countsPadding), against: reference)
    case ("average", _):
      try checkLayer(
        AveragePool2D(
          kernel: extent(kernel), stride: extent(stride), padding: settings.margins,
          countsPadding: settings.countsPadding), against: reference)
    case ("adaptive", _):
      try checkLayer(AdaptiveAveragePool2D(extent(settings.size)), against: reference)
    case ("global-average", _): try checkLayer(GlobalAveragePool(), against: reference)
    default: try checkLayer(GlobalMaxPool(), against: reference)
    }
  }

  private struct ResizingSettings: Decodable {
    let scale: [Int]
    let size: [Int]
    let mode: String
    let corners: Bool
    let margins: [Int]
    let flatten: Bool
    let shape: [Int]
  }

  @Test(arguments: try ReferenceCase.all(in: "resizing")) func resizingAgreesWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let settings = try reference.settings(ResizingSettings.self)
    let margins = settings.margins
    if settings.flatten {
      try checkLayer(Flatten(), against: reference)
    } else if !settings.shape.isEmpty {
      try checkLayer(Reshape(Shape(settings.shape)), against: reference)
    } else if margins.count == 4 {
      try checkLayer(
        ZeroPadding2D(Margins(top: margins[0], bottom: margins[1], left: margins[2], right: margins[3])),
        against: reference)
    } else {
      let interpolation: Interpolation =
        settings.mode == "nearest" ? .nearest : .bilinear(alignCorners: settings.corners)
      try checkLayer(
        settings.size.isEmpty
          ? Upsample(scale: extent(settings.scale), interpolation: interpolation)
          : Upsample(size: extent(settings.size), interpolation: interpolation), against: reference)
    }
  }

  @Test func badSettingsThrow() {
    for layer in [
      MaxPool2D(kernel: 0), MaxPool2D(kernel: 2, stride: 0), MaxPool2D(kernel: 2, padding: 2),
      MaxPool2D(kernel: 2, dilation: 0), AveragePool2D(kernel: Extent(.max)),
      AveragePool2D(kernel: 2, padding: -1),
      AdaptiveAveragePool2D(0), AdaptiveAveragePool2D(Extent(.max)), Upsample(scale: 0), Upsample(scale: -1),
      Upsample(scale: Extent(.max)), Upsample(scale: Extent(1 << 40)), Upsample(size: 0),
      Upsample(size: Extent(.max)), ZeroPadding2D(-1), ZeroPadding2D(Margins(.max)),
      ZeroPadding2D(Margins(1 << 30)), Reshape([1, 1, 1, 1, 1, 1, 1, 32]),
    ] as [any Layer] {
      #expect(throws: ShapeError.self, "\(layer)") { try layer.outputShape(for: [2, 4, 4]) }
      let error = #expect(throws: ShapeError.self, "\(layer)") { try layer(.zeros([1, 2, 4, 4])) }
      #expect(error?.site == layer.description)
    }
  }

  @Test func printAsTheCallsThatMakeThem() {
    #expect("\(MaxPool2D(kernel: 3, stride: 2, padding: 1))" == "MaxPool2D(kernel: 3, stride: 2, padding: 1)")
    #expect("\(MaxPool1D(kernel: 2, dilation: 2))" == "MaxPool1D(kernel: 2, dilation: 2)")
    #expect(
      "\(AveragePool2D(kernel: 2, countsPadding: false))" == "AveragePool2D(kernel: 2, countsPadding: false)")
    #expect("\(AveragePool1D(kernel: 4))" == "AveragePool1D(kernel: 4)")
    #expect(
      "\(Upsample(scale: 2, interpolation: .bilinear(alignCorners: true)))"
        == "Upsample(scale: 2, bilinear, corners aligned)")
    #expect("\(Upsample(size: Extent(height: 2, width: 3)))" == "Upsample(size: 2 × 3, nearest)")
    #expect("\(ZeroPadding2D(1))" == "ZeroPadding2D(1)")
    #expect("\(AdaptiveAveragePool2D(7))" == "AdaptiveAveragePool2D(7)")
    #expect("\(Reshape([1, 28, 28]))" == "Reshape([1, 28, 28])")
  }
}

private func extent(_ numbers: [Int]) -> Extent {
  Extent(height: numbers[0], width: numbers[numbers.count - 1])
}
