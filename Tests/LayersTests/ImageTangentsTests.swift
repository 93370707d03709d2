import Layers
import Operations
import Tensors
import TestSupport
import Testing

/// Layers of images where a loss depends on a gradient.
@Suite(.onEveryBackend) struct ImageTangentsTests {
  private func critic() throws -> Sequential {
    try Sequential {
      ZeroPadding2D(1)
      Convolution2D(outputs: 2, kernel: 3, stride: 2, activation: .silu).named("first")
      Upsample(scale: 2, interpolation: .bilinear())
      TransposedConvolution2D(outputs: 2, kernel: 2, groups: 2, activation: .tanh).named("second")
      AveragePool2D(kernel: 2)
      Reshape([2, 4])
      Convolution1D(outputs: 2, kernel: 2, activation: .gelu, bias: false).named("third")
      Flatten()
      Dense(outputs: 1).named("score")
    }
  }

  @Test func theGradientPenaltyAgreesWithDifferences() throws {
    let critic = try critic().initialized(for: [1, 4, 4], seed: 2)
    let parameters = critic.parameters.map(\.value)
    try checkGradients(at: parameters + [.normal([2, 1, 4, 4], seed: 3)], tolerance: 3e-3) { values in
      var changed = critic
      var position = 0
      changed.updateParameters { parameter, _ in
        parameter = values[position]
        position += 1
      }
      return try gradientPenalty(of: changed, at: values[position])
    }
  }

  @Test func aTangentOfAnotherShapeThrows() throws {
    let layer = try Convolution2D(outputs: 1, kernel: 1).initialized(for: [1, 2, 2], seed: 1)
    #expect(throws: ShapeError.self) {
      try layer(.zeros([1, 1, 2, 2]), along: .zeros([2, 1, 2, 2]), in: .inference)
    }
  }

  @Test func tangentsAgreeWithDifferences() throws {
    func check(_ layer: some TangentLayer, _ input: Shape, sourceLocation: SourceLocation = #_sourceLocation)
      throws
    {
      let layer = try layer.initialized(for: input, seed: 1)
      let x = Tensor.normal(input.prepending(2), seed: 2)
      let direction = Tensor.normal(x.shape, seed: 3)
      let step: Float = 0x1p-6
      var (above, below) = (x, x)
      above.add(direction, scaledBy: step)
      below.add(direction, scaledBy: -step)
      var quotient = try layer(above)
      quotient.add(try layer(below), scaledBy: -1)
      let (output, tangent) = try layer(x, along: direction, in: .inference)
      expectClose(output.array, try layer(x).array, tolerance: 1e-6, sourceLocation: sourceLocation)
      expectClose(
        tangent.array, quotient.array.map { $0 / (2 * step) }, tolerance: 1e-3, "\(layer)",
        sourceLocation: sourceLocation)
    }
    try check(Convolution1D(outputs: 3, kernel: 3, activation: .tanh), [2, 6])
    try check(Convolution2D(outputs: 4, kernel: 3, padding: .same, groups: 2, activation: .mish), [2, 4, 3])
    try check(TransposedConvolution1D(outputs: 2, kernel: 3, stride: 2, activation: .sigmoid), [2, 4])
    try check(TransposedConvolution2D(outputs: 2, kernel: 2, stride: 2, activation: .softplus), [2, 2, 3])
    try check(AveragePool1D(kernel: 2), [2, 6])
    try check(AveragePool2D(kernel: 2, stride: 1, padding: 1, countsPadding: false), [2, 3, 4])
    try check(GlobalAveragePool(), [2, 3, 4])
    try check(AdaptiveAveragePool2D(2), [2, 3, 4])
    try check(Upsample(size: 5, interpolation: .bilinear()), [1, 3, 4])
    try check(ZeroPadding2D(2), [1, 2, 2])
    try check(Flatten(), [2, 3])
    try check(Reshape([6, 1]), [2, 3])
  }
}
