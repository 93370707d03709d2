import Operations
import Tensors
import TestSupport
import Testing

/// Geometries whose frame would be far larger than what it is for, and pixels that no window covers.
@Suite(.onEveryBackend) struct ConvolutionFrameTests {
  /// Settings that no model has but any caller can give.
  @Test func whatLiesFarApartTakesNoMemory() throws {
    var random = RandomSource(seed: 1)
    let (most, far) = (Int(Int32.max), 1 << 30)
    for geometry in [
      try ConvolutionGeometry(image: [1, 1, 3, 3], outputs: 1, kernel: 3, stride: Extent(most)),
      try ConvolutionGeometry(image: [1, 2, 3, 3], outputs: 3, kernel: 3, stride: 100_000),
      try ConvolutionGeometry(image: [2, 2, 5, 5], outputs: 3, kernel: 1, stride: 100_000, padding: 2),
      try ConvolutionGeometry(
        image: [1, 1, 1, 1], outputs: 1, kernel: 3, padding: .same, dilation: Extent(far)),
      try ConvolutionGeometry(
        image: [1, 2, 5, 5], outputs: 3, kernel: 2, stride: Extent(far), padding: .same, dilation: Extent(far)
      ),
      try ConvolutionGeometry(transposing: [1, 1, 1, 1], inputs: 1, kernel: 1, stride: 30_000),
      try ConvolutionGeometry(transposing: [1, 1, 2, 2], inputs: 1, kernel: 1, stride: 300),
      try ConvolutionGeometry(
        image: [1, 1, 1], outputs: 1, kernel: 1000, stride: 1000,
        padding: .margins(Margins(height: 0, width: 1 << 20))),
      try ConvolutionGeometry(image: [1, 1, 10_001], outputs: 2000, kernel: 101, dilation: 100),
      // No example, for otherwise there would be as many sums as sizes that overflow.
      try ConvolutionGeometry(
        image: [0, 1, 131_073, 1], outputs: 1, kernel: Extent(height: 1, width: 65_537), padding: .same,
        dilation: Extent(height: 1, width: most)),
      try ConvolutionGeometry(image: [0, 1, far, far], outputs: 1, kernel: 3),
      try ConvolutionGeometry(image: [0, 8, 1 << 20, 1 << 20], outputs: 32, kernel: 3),
    ] { try checkProducts(of: geometry, &random, "far apart") }
  }

  /// Where the forward run is finite, so are the gradients, by few outputs and by many, and between the windows of two lines.
  @Test func pixelsUnderNoWindowHaveNoPart() throws {
    let cases: [(image: Shape, kernel: Shape, place: Int, stride: Extent, dilation: Extent)] = [
      ([1, 1, 5, 4], [3, 3], 3, 2, 1), ([1, 1, 2, 6], [1, 2], 2, 1, Extent(height: 1, width: 4)),
    ]
    for (shape, kernel, place, stride, dilation) in cases {
      for outputs in [1, 32] {
        func gradient(_ value: Float) throws -> [Float]? {
          var pixels = Tensor.normal(shape, seed: 1).array
          pixels[place] = value
          let tape = Tape()
          let weight = tape.watch(.normal([outputs, 1, kernel[0], kernel[1]], seed: 2))
          let output = try convolution(
            Tensor(pixels, shape: shape), weight: weight, bias: nil, stride: stride, dilation: dilation)
          return try tape.gradients(of: meanSquaredError(output, .zeros(output.shape)))[0]?.array
        }
        #expect(try gradient(.nan) == gradient(0), "\(shape), \(outputs) outputs")
      }
    }
  }
}
