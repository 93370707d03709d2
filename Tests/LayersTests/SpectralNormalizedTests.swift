import Layers
import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct SpectralNormalizedTests {
  private let names = (
    weight: "parametrizations.weight.original", left: "parametrizations.weight.0._u",
    right: "parametrizations.weight.0._v"
  )

  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      SpectralNormalized(Dense(outputs: 4, activation: .tanh)), input: [3], output: [4],
      parameters: [names.weight: [4, 3], "bias": [4]], buffers: [names.left: [4], names.right: [3]],
      wrongInput: [5])
    try checkLayer(
      SpectralNormalized(Dense(outputs: 2, bias: false), iterations: 3), input: [5, 3], output: [5, 2],
      parameters: [names.weight: [2, 3]], buffers: [names.left: [2], names.right: [3]], wrongInput: [5, 2])
  }

  @Test func layersWithAnotherAxisOfOutputsPassTheChecks() throws {
    try checkLayer(
      SpectralNormalized(TransposedConvolution1D(outputs: 4, kernel: 3, stride: 2, groups: 2)),
      input: [2, 3], output: [4, 7], parameters: [names.weight: [2, 2, 3], "bias": [4]],
      buffers: [names.left: [2], names.right: [6]], wrongInput: [3, 3])
    try checkLayer(
      SpectralNormalized(TransposedConvolution2D(outputs: 3, kernel: 2, bias: false)), input: [2, 2, 3],
      output: [3, 3, 4], parameters: [names.weight: [2, 3, 2, 2]],
      buffers: [names.left: [3], names.right: [8]], wrongInput: [2, 2])
    try checkLayer(
      SpectralNormalized(Embedding(vocabulary: 5, dimension: 3)), input: [2], output: [2, 3],
      parameters: [names.weight: [5, 3]], buffers: [names.left: [5], names.right: [3]], wrongInput: nil,
      batch: Tensor([0, 4, 2, 2, 1, 4], shape: [3, 2]))
  }

  /// A transposed convolution's weight is `[inputs, outputs, …]`: as a matrix it has a row for each output.
  @Test func outputsAlongTheSecondAxisAreTheRows() throws {
    let layer = try SpectralNormalized(
      TransposedConvolution2D(outputs: 6, kernel: Extent(height: 2, width: 1), groups: 2, bias: false),
      iterations: 300
    ).initialized(for: [4, 3, 2], seed: 2)
    let weight = try #require(layer.layer.weight)
    #expect(weight.shape == [4, 3, 2, 1])
    let rows = (0..<3).flatMap { output in
      (0..<4).flatMap { input in (0..<2).map { weight[input, output, $0, 0] } }
    }
    let exact = try Matrix(rows: 3, columns: 8, elements: rows).svd().singularValues[0]
    let x = Tensor.normal([2, 4, 3, 2], seed: 3)
    expectClose(
      try layer(x, in: Pass(.training)).array, try layer.layer(x).array.map { $0 / exact }, tolerance: 1e-5)
  }

  @Test func anEmbeddingsTableIsTheMatrix() throws {
    let layer = try SpectralNormalized(Embedding(vocabulary: 5, dimension: 3), iterations: 300).initialized(
      for: [5], seed: 2)
    let weight = try #require(layer.layer.weight)
    let exact = try Matrix(rows: 5, columns: 3, elements: weight.array).svd().singularValues[0]
    let words = try Tensor([0, 1, 2, 3, 4], shape: [1, 5])
    expectClose(
      try layer(words, in: Pass(.training)).array, weight.array.map { $0 / exact }, tolerance: 1e-5)
  }

  private struct Settings: Decodable {
    let outputs: Int
    let bias: Bool
    let iterations: Int
  }

  @Test(arguments: try ReferenceCase.all(in: "spectral-normalization"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    try checkLayer(
      SpectralNormalized(
        Dense(outputs: settings.outputs, bias: settings.bias), iterations: settings.iterations),
      against: reference)
  }

  private struct ConvolutionSettings: Decodable {
    let outputs, kernel, stride, padding, dilation, groups: Int
    let bias: Bool
  }

  @Test(arguments: try ReferenceCase.all(in: "spectral-convolution"))
  func convolutionsAgreeWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(ConvolutionSettings.self)
    try checkLayer(
      SpectralNormalized(
        Convolution2D(
          outputs: settings.outputs, kernel: Extent(settings.kernel), stride: Extent(settings.stride),
          padding: .margins(Margins(settings.padding)), dilation: Extent(settings.dilation),
          groups: settings.groups, bias: settings.bias)),
      against: reference)
  }

  @Test(arguments: try ReferenceCase.all(in: "spectral-transposed-convolution"))
  func transposedConvolutionsAgreeWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(ConvolutionSettings.self)
    try checkLayer(
      SpectralNormalized(
        TransposedConvolution2D(
          outputs: settings.outputs, kernel: Extent(settings.kernel), stride: Extent(settings.stride),
          padding: .margins(Margins(settings.padding)), dilation: Extent(settings.dilation),
          groups: settings.groups, bias: settings.bias)),
      against: reference)
  }

  private struct EmbeddingSettings: Decodable {
    let vocabulary, dimension: Int
  }

  @Test(arguments: try ReferenceCase.all(in: "spectral-embedding"))
  func embeddingsAgreeWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(EmbeddingSettings.self)
    try checkLayer(
      SpectralNormalized(Embedding(vocabulary: settings.vocabulary, dimension: settings.dimension)),
      against: reference)
  }

  @Test(arguments: [(3, 8), (8, 3), (6, 6)]) func theVectorsNearTheLargestSingularValue(
    inputs: Int, outputs: Int
  ) throws {
    var layer = try SpectralNormalized(Dense(outputs: outputs, bias: false)).initialized(
      for: [inputs], seed: 4)
    for _ in 0..<200 {
      let pass = Pass(.training)
      _ = try layer(.zeros([1, inputs]), in: pass)
      pass.commit(to: &layer)
    }
    let weight = try #require(layer.layer.weight)
    let exact = try Matrix(rows: outputs, columns: inputs, elements: weight.array).svd().singularValues[0]
    // The unit vectors give the columns of the normalized weight.
    let unit = try Tensor(Matrix<Float>.identity(inputs).elements, shape: [inputs, inputs])
    let columns = try Matrix(rows: inputs, columns: outputs, elements: layer(unit).array)
    expectClose(columns.transposed.elements, weight.array.map { $0 / exact }, tolerance: 1e-5)
    expectClose([try columns.svd().singularValues[0]], [1], tolerance: 1e-5)
  }

  @Test func theParameterIsUpdatedInPlace() throws {
    var layer = try SpectralNormalized(Dense(outputs: 4)).initialized(for: [3], seed: 1)
    func addresses() -> [UInt] {
      layer.parameters.map { $0.value.withUnsafeElements { UInt(bitPattern: $0.baseAddress) } }
    }
    let before = addresses()
    layer.updateParameters { parameter, _ in parameter.add(parameter.detached, scaledBy: 0) }
    layer.updateParameters { parameter, _ in
      parameter.withUnsafeMutableElements { for index in $0.indices { $0[index] += 1 } }
    }
    let moved = addresses()
    layer.updateParameters { parameter, _ in
      parameter.withUnsafeMutableElements { for index in $0.indices { $0[index] += 1 } }
    }
    #expect(addresses() == moved)
    #expect(before.count == 2)
  }

  /// A layer of the user's own with a weight of four axes, as a convolution has it: here over one place.
  private struct Pointwise: WeightedLayer {
    var weight: Tensor?

    func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
      guard let weight else { throw ShapeError(self, expected: "a weight", got: "none") }
      return try activate(weight, .identity)
    }

    func outputShape(for input: Shape) throws -> Shape { [2, 3, 1] }

    mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
      weight = .normal([4, 2, 3, 1], seed: 3)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor.visit(&weight, named: "weight") }

    var description: String { "Pointwise()" }
  }

  @Test func weightsOfMoreAxesAreMatrices() throws {
    let layer = try SpectralNormalized(Pointwise(), iterations: 300).initialized(for: [1], seed: 1)
    let weight = try #require(layer.layer.weight)
    let exact = try Matrix(rows: 4, columns: 6, elements: weight.array).svd().singularValues[0]
    let normalized = try layer(.zeros([1, 1]), in: Pass(.training))
    expectClose(normalized.array, weight.array.map { $0 / exact }, tolerance: 1e-5)
    #expect(layer.state.map(\.path) == [names.weight, names.left, names.right])
  }

  @Test func badSettingsThrow() throws {
    for iterations in [0, -1] {
      let layer = SpectralNormalized(Dense(outputs: 2), iterations: iterations)
      #expect(throws: ShapeError.self) { try layer.initialized(for: [3], seed: 1) }
    }
    #expect(throws: ShapeError.self) { try SpectralNormalized(Dense(outputs: 2))(.zeros([1, 3])) }
    var dense = try Dense(outputs: 2).initialized(for: [3], seed: 1)
    for wrong in [nil, .zeros([2]), .zeros([3, 3]), .zeros([2, 3, 1])] as [Tensor?] {
      dense.weight = wrong
      #expect(throws: ShapeError.self) { try dense(.zeros([1, 3])) }
    }
    var table = try Embedding(vocabulary: 3, dimension: 2).initialized(for: [1], seed: 1)
    for wrong in [nil, .zeros([2]), .zeros([2, 2]), .zeros([3, 1])] as [Tensor?] {
      table.weight = wrong
      #expect(throws: ShapeError.self) { try table([2]) }
    }
    let zero = Dense(outputs: 2, weightInitializer: .constant(0))
    let layer = try SpectralNormalized(zero).initialized(for: [3], seed: 1)
    #expect(message { _ = try layer(.zeros([1, 3])) }.contains("a weight other than zero"))
  }

  @Test func printsAsTheCallThatMakesIt() {
    #expect("\(SpectralNormalized(Dense(outputs: 2)))" == "SpectralNormalized(Dense(→ 2))")
    #expect(
      "\(SpectralNormalized(Dense(outputs: 2), iterations: 3))"
        == "SpectralNormalized(Dense(→ 2), iterations: 3)")
  }
}
