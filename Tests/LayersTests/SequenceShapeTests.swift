import Layers
import Operations
import Tensors
import TestSupport
import Testing

/// Layers that change the length of sequences, and have nothing to learn.
@Suite(.onEveryBackend) struct SequenceShapeTests {
  @Test func passTheChecksOfALayer() throws {
    for (size, length) in [(2, 5), (5, 5), (7, 3), (1, 4)] {
      try checkLayer(
        AdaptiveAveragePool1D(size), input: [4, length], output: [4, size], parameters: [:],
        wrongInput: [4, length, 1])
    }
    try checkLayer(
      ZeroPadding1D(before: 2, after: 1), input: [2, 3], output: [2, 6], parameters: [:], wrongInput: [3])
    try checkLayer(ZeroPadding1D(0), input: [2, 3], output: [2, 3], parameters: [:], wrongInput: [2, 3, 1])
  }

  @Test func byHand() throws {
    let x = try Tensor([1, 2, 3, 4, 5], shape: [1, 1, 5])
    #expect(try AdaptiveAveragePool1D(2)(x).array == [2, 4])
    #expect(try AdaptiveAveragePool1D(1)(x).array == [3])
    #expect(try ZeroPadding1D(before: 1, after: 2)(x).array == [0, 1, 2, 3, 4, 5, 0, 0])
  }

  /// An image of one row is a sequence.
  @Test func agreeWithThoseOfImages() throws {
    let x = Tensor.normal([2, 3, 7], seed: 1)
    let image = try x.reshaped(to: [2, 3, 1, 7])
    for size in [1, 3, 4, 9] {
      let pooled = try AdaptiveAveragePool2D(Extent(height: 1, width: size))(image)
      #expect(try AdaptiveAveragePool1D(size)(x).array == pooled.array)
    }
    let padded = try ZeroPadding2D(Margins(before: 3, after: 1))(image)
    #expect(try ZeroPadding1D(before: 3, after: 1)(x).array == padded.array)
  }

  @Test func gradientsAgreeWithDifferences() throws {
    let x = Tensor.normal([2, 2, 5], seed: 1)
    try checkGradients(at: [x]) { try AdaptiveAveragePool1D(3)($0[0]) }
    try checkGradients(at: [x]) { try ZeroPadding1D(before: 2, after: 1)($0[0]) }
  }

  @Test func letTangentsThrough() throws {
    let (x, tangent) = (Tensor.normal([2, 2, 5], seed: 1), Tensor.normal([2, 2, 5], seed: 2))
    for layer in [AdaptiveAveragePool1D(3), ZeroPadding1D(1)] as [any TangentLayer] {
      let (output, slope) = try layer(x, along: tangent, in: .inference)
      #expect(try output == layer(x))
      #expect(try slope == layer(tangent))
    }
  }

  @Test func badSettingsThrow() {
    for layer in [
      AdaptiveAveragePool1D(0), AdaptiveAveragePool1D(-1), AdaptiveAveragePool1D(.max), ZeroPadding1D(-1),
      ZeroPadding1D(.max), ZeroPadding1D(before: 0, after: 1 << 40),
    ] as [any Layer] {
      let ofShape = #expect(throws: ShapeError.self, "\(layer)") { try layer.outputShape(for: [2, 4]) }
      let ofCall = #expect(throws: ShapeError.self, "\(layer)") { try layer(.zeros([1, 2, 4])) }
      #expect(ofShape?.site == layer.description && ofCall?.site == layer.description)
    }
  }

  @Test func printAsTheCallsThatMakeThem() {
    #expect("\(AdaptiveAveragePool1D(7))" == "AdaptiveAveragePool1D(7)")
    #expect("\(ZeroPadding1D(2))" == "ZeroPadding1D(2)")
    #expect("\(ZeroPadding1D(before: 0, after: 2))" == "ZeroPadding1D(before: 0, after: 2)")
  }
}
