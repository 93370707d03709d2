import Operations
import Tensors
import TestSupport
import Testing

/// Pooling and resizing, there and back, against direct loops over random sizes and in poisoned memory.
///
/// Each of these operations makes an element of its output from some elements of one channel of its input, each with a
/// weight: its *taps*. The loops follow them to the output, and back with the error terms.
@Suite struct ImageGradientFuzzTests {
  /// A place along an axis or in a plane, and its weight.
  private typealias Tap = (place: Int, weight: Float)

  private func check(
    _ name: String, _ x: Tensor, _ random: inout RandomSource, height: Int, width: Int,
    taps: (_ plane: ArraySlice<Float>, _ row: Int, _ column: Int) -> [Tap],
    _ operation: (Tensor) throws -> Tensor
  ) throws {
    let (planes, size) = (x.shape[0] * x.shape[1], x.shape[2] * x.shape[3])
    let error = Tensor.normal([x.shape[0], x.shape[1], height, width], &random)
    let (elements, errors) = (x.array, error.array)
    var output: [Float] = []
    var gradient = [Float](repeating: 0, count: x.count)
    for plane in 0..<planes {
      for row in 0..<height {
        for column in 0..<width {
          var sum: Float = 0
          let found = taps(elements[plane * size..<(plane + 1) * size], row, column)
          for tap in found {
            sum += tap.weight * elements[plane * size + tap.place]
            gradient[plane * size + tap.place] += tap.weight * errors[output.count]
          }
          output.append(sum)
        }
      }
    }
    let place = "\(name) of \(x.shape) to \(height) × \(width)"
    poison(output.count)
    let got = try operation(x)
    expectClose(got.array, output, tolerance: 1e-5, place)
    let shaped = try error.reshaped(to: got.shape)
    expectClose(
      try poisonedGradients(at: [x], weights: shaped) { try operation($0[0]) }[0], gradient,
      tolerance: 1e-5, place)
  }

  /// The taps of a plane whose rows and columns are made alike, each from those of its axis.
  private func product(
    _ x: Tensor, _ rows: @escaping (Int) -> [Tap], _ columns: @escaping (Int) -> [Tap]
  ) -> (ArraySlice<Float>, Int, Int) -> [Tap] {
    { _, row, column in
      rows(row).flatMap { row in
        columns(column).map { (row.place * x.shape[3] + $0.place, row.weight * $0.weight) }
      }
    }
  }

  private func mean(_ range: Range<Int>) -> [Tap] { range.map { ($0, 1 / Float(range.count)) } }

  @Test(arguments: 0..<40) func resizing(_ number: Int) throws {
    var random = RandomSource(seed: UInt64(number))
    let x = Tensor.normal(Shape([2, 2, 1 + number % 6, 1 + number / 6]), &random)
    let (h, w) = (x.shape[2], x.shape[3])
    let (height, width) = (Int.random(in: 1...9, using: &random), Int.random(in: 1...9, using: &random))
    let size = Extent(height: height, width: width)
    func bin(_ input: Int, _ output: Int) -> (Int) -> [Tap] {
      { place in mean(place * input / output..<((place + 1) * input + output - 1) / output) }
    }
    func nearest(_ input: Int, _ output: Int) -> (Int) -> [Tap] { { place in [(place * input / output, 1)] } }
    func linear(_ input: Int, _ output: Int, corners: Bool) -> (Int) -> [Tap] {
      {
        let centre = (Float($0) + 0.5) * Float(input) / Float(output) - 0.5
        let corner = output > 1 ? Float($0) * Float(input - 1) / Float(output - 1) : 0
        let position: Float = max(0, corners ? corner : centre)
        let low = min(Int(position), input - 1)
        let share = position - Float(low)
        let taps: [Tap] = [(low, 1 - share), (min(low + 1, input - 1), share)]
        return taps
      }
    }
    try check(
      "adaptive", x, &random, height: height, width: width, taps: product(x, bin(h, height), bin(w, width))
    ) { try adaptiveAveragePool($0, to: size) }
    try check(
      "nearest", x, &random, height: height, width: width,
      taps: product(x, nearest(h, height), nearest(w, width))
    ) { try upsample($0, to: size) }
    for corners in [false, true] {
      try check(
        "bilinear, corners \(corners)", x, &random, height: height, width: width,
        taps: product(x, linear(h, height, corners: corners), linear(w, width, corners: corners))
      ) { try upsample($0, to: size, by: .bilinear(alignCorners: corners)) }
    }
    let margins = Margins(top: height % 4, bottom: width % 3, left: number % 3, right: height % 2)
    func inside(_ before: Int, _ count: Int) -> (Int) -> [Tap] {
      { place in
        let tap: Tap = (place - before, 1)
        return (0..<count).contains(tap.place) ? [tap] : []
      }
    }
    try check(
      "pad", x, &random, height: h + margins.top + margins.bottom, width: w + margins.left + margins.right,
      taps: product(x, inside(margins.top, h), inside(margins.left, w))
    ) { try pad($0, by: margins) }
    try check(
      "global", x, &random, height: 1, width: 1,
      taps: product(x, { _ in self.mean(0..<h) }, { _ in self.mean(0..<w) }), globalAveragePool)
    try check(
      "global maximum", x, &random, height: 1, width: 1,
      taps: { plane, _, _ in
        let best = plane.indices.max { plane[$0] < plane[$1] } ?? 0
        return [(best - plane.startIndex, 1)]
      }, globalMaxPool)
  }

  @Test(arguments: 0..<60) func windows(_ number: Int) throws {
    var random = RandomSource(seed: UInt64(number))
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func extent(_ range: ClosedRange<Int>) -> Extent { Extent(height: draw(range), width: draw(range)) }
    let x = Tensor.normal(Shape([draw(1...2), draw(1...3), draw(1...12), draw(1...40)]), &random)
    let (kernel, stride, dilation) = (extent(1...3), extent(1...3), draw(0...1) == 0 ? 1 : extent(1...2))
    let margins = Margins(top: draw(0...1), bottom: draw(0...1), left: draw(0...1), right: draw(0...1))
    let geometry = try? ConvolutionGeometry(
      image: x.shape, outputs: x.shape[1], kernel: kernel, stride: stride, padding: .margins(margins),
      dilation: dilation, groups: x.shape[1])
    guard let geometry else { return }
    func places(
      _ before: Int, _ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ output: Int
    ) -> [Int] {
      (0..<kernel).map { output * stride + $0 * dilation - before }.filter { (0..<input).contains($0) }
    }
    func window(_ row: Int, _ column: Int) -> [Int] {
      let rows = places(
        geometry.height.before, x.shape[2], kernel.height, stride.height, dilation.height, row)
      let columns = places(
        geometry.width.before, x.shape[3], kernel.width, stride.width, dilation.width, column)
      return rows.flatMap { row in columns.map { row * x.shape[3] + $0 } }
    }
    let (height, width) = (geometry.height.count, geometry.width.count)
    let isEmptySomewhere = (0..<height).contains { row in
      (0..<width).contains { window(row, $0).isEmpty }
    }
    guard !isEmptySomewhere else { return }
    try check(
      "maximum", x, &random, height: height, width: width,
      taps: { plane, row, column in
        let best = window(row, column).max { plane[plane.startIndex + $0] < plane[plane.startIndex + $1] }
        return [(best ?? 0, 1)]
      }
    ) { try maxPool($0, kernel: kernel, stride: stride, padding: .margins(margins), dilation: dilation) }
    guard dilation == 1 else { return }
    for countsPadding in [false, true] {
      try check(
        "mean", x, &random, height: height, width: width,
        taps: { _, row, column in
          let window = window(row, column)
          let count = countsPadding ? kernel.height * kernel.width : window.count
          return window.map { ($0, 1 / Float(count)) }
        }
      ) {
        try averagePool(
          $0, kernel: kernel, stride: stride, padding: .margins(margins), countsPadding: countsPadding)
      }
    }
  }
}
