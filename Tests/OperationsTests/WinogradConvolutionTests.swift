import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

/// Winograd's convolution against the direct loops and into poisoned memory, for small and odd shapes as well, for which it is
/// not chosen.
@Suite(.onEveryBackend) struct WinogradConvolutionTests {
  /// Of the greatest number; twice the errors seen, which the transforms make larger than those of sums.
  private let tolerance = 5e-6

  /// Where the sums are few, all may be small beside their terms, and errors are those of the terms: `squares` are the sums of
  /// the terms' squares.
  private func tolerance(for expected: [Float], _ squares: [Float]) -> Double {
    let (greatest, terms) = (expected.map(\.magnitude).max() ?? 0, (squares.max() ?? 0).squareRoot())
    return terms > greatest && greatest > 0 ? tolerance * Double(terms / greatest) : tolerance
  }

  private func geometry(_ image: Shape, outputs: Int, padding: Padding) throws -> ConvolutionGeometry {
    try ConvolutionGeometry(image: image, outputs: outputs, kernel: 3, padding: padding)
  }

  @Test func agreesWithTheDirectLoops() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("WinogradConvolutionTests: seed \(seed)")
    var random = RandomSource(seed: seed)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    var checked = 0
    while checked < 120 {
      let margins = Margins(
        top: number(0...3), bottom: number(0...3), left: number(0...3), right: number(0...3))
      let (batch, most) = [(0, 70), (1, 70), (1, 20), (3, 20), (37, 4)][number(0...4)]
      let image: Shape = [batch, number(1...most), number(1...13), number(1...13)]
      let padding = number(0...4) == 0 ? Padding.same : .margins(margins)
      guard let geometry = try? geometry(image, outputs: number(1...most), padding: padding) else { continue }
      try check(geometry, &random, "seed \(seed)")
      checked += 1
    }
  }

  /// Several blocks of tiles; strips longer than a vector; windows that lie in the padding alone.
  @Test func largeOnesAgreeToo() throws {
    var random = RandomSource(seed: 5)
    try check(geometry([2, 70, 45, 37], outputs: 24, padding: .same), &random, "large")
    try check(geometry([40, 130, 4, 4], outputs: 140, padding: .same), &random, "deep")
    try check(geometry([1, 2, 3, 300], outputs: 3, padding: .valid), &random, "wide")
    try check(geometry([1, 3, 300, 5], outputs: 2, padding: 1), &random, "high")
    try check(geometry([2, 3, 4, 5], outputs: 2, padding: 9), &random, "padded")
  }

  private func check(_ geometry: ConvolutionGeometry, _ random: inout RandomSource, _ name: String) throws {
    let winograd = try #require(WinogradConvolution(geometry))
    let direct = DirectConvolution(geometry: geometry)
    let image = Tensor.normal(geometry.imageShape, &random)
    let weight = Tensor.normal(geometry.weightShape, &random)
    let response = Tensor.normal(geometry.responseShape, &random)
    let name = "\(name): \(geometry)"

    func squared(_ tensor: Tensor) -> [Float] { tensor.array.map { $0 * $0 } }
    let responses = direct.response(image.array, weight.array)
    let images = direct.image(response.array, weight.array)
    let gradients = direct.weightGradient(image.array, response.array)
    let squares = (
      direct.response(squared(image), squared(weight)), direct.image(squared(response), squared(weight)),
      direct.weightGradient(squared(image), squared(response))
    )
    for beta in [0, 1] as [Float] {
      func result(
        _ shape: Shape, _ previous: [Float], _ body: (UnsafeMutablePointer<Float>) -> Void
      ) -> [Float] {
        poisoned(shape) { target in
          if beta == 1 { target.update(from: previous, count: previous.count) }
          body(target)
        }
      }
      func sum(_ values: [Float], _ previous: [Float]) -> [Float] {
        zip(values, previous).map { $0 + beta * $1 }
      }
      func check(_ actual: [Float], _ expected: [Float], _ squares: [Float], _ what: String) {
        expectClose(
          actual, expected, tolerance: tolerance(for: expected, squares), "\(what), β \(beta), \(name)")
      }
      let finish = Finish(beta: beta)
      check(
        result(geometry.responseShape, response.array) { target in
          image.withUnsafePointer { image in
            weight.withUnsafePointer { winograd.convolve(image, $0, into: target, finish) }
          }
        }, sum(responses, response.array), squares.0, "response")
      check(
        result(geometry.imageShape, image.array) { target in
          response.withUnsafePointer { response in
            weight.withUnsafePointer { winograd.convolveTransposed(response, $0, into: target, finish) }
          }
        }, sum(images, image.array), squares.1, "image")
      check(
        result(geometry.weightShape, weight.array) { target in
          image.withUnsafePointer { image in
            response.withUnsafePointer {
              winograd.weightGradient(image: image, response: $0, into: target, beta: beta)
            }
          }
        }, sum(gradients, weight.array), squares.2, "gradient")
    }
  }

  /// What operations do with it: a bias, and an activation in either way of finishing.
  @Test(arguments: [Activation.relu, .tanh, .gelu]) func operationsFinishIt(activation: Activation) throws {
    // Weights for sums within the activations' curves.
    let (x, w) = (Tensor.normal([3, 32, 14, 17], seed: 1), try Tensor.normal([40, 32, 3, 3], seed: 2) / 40)
    let bias = Tensor.normal([40], seed: 3)
    let geometry = try geometry(x.shape, outputs: 40, padding: .same)
    #expect(geometry.winograd != nil)
    let sums = try Tensor(
      DirectConvolution(geometry: geometry).response(x.array, w.array), shape: geometry.responseShape)
    let shifted = try sums + bias.reshaped(to: [1, 40, 1, 1])
    expectClose(
      try convolution(x, weight: w, bias: bias, padding: .same, activation: activation).array,
      try activate(shifted, activation).array, tolerance: tolerance)
    let back = Tensor.normal([32], seed: 4)
    let images = try Tensor(
      DirectConvolution(geometry: geometry).image(sums.array, w.array), shape: geometry.imageShape)
    expectClose(
      try transposedConvolution(sums, weight: w, bias: back, padding: 1, activation: activation).array,
      try activate(images + back.reshaped(to: [1, 32, 1, 1]), activation).array, tolerance: tolerance)
  }

  /// Where channels are many and tiles whole.
  @Test func itIsChosenWhereItPays() throws {
    func isChosen(_ image: Shape, _ outputs: Int, kernel: Extent = 3, stride: Extent = 1, groups: Int = 1)
      throws -> Bool
    {
      try ConvolutionGeometry(
        image: image, outputs: outputs, kernel: kernel, stride: stride, padding: .same, groups: groups
      ).winograd != nil
    }
    #expect(try isChosen([32, 64, 32, 32], 64))
    #expect(try isChosen([32, 128, 16, 16], 128))
    #expect(try isChosen([1, 64, 28, 28], 64))
    #expect(try !isChosen([32, 3, 32, 32], 64))
    #expect(try !isChosen([32, 64, 32, 32], 1))
    #expect(try isChosen([16, 16, 28, 28], 16))
    #expect(try !isChosen([16, 16, 14, 14], 16))
    #expect(try isChosen([64, 32, 14, 14], 64))
    #expect(try !isChosen([32, 64, 5, 5], 64))
    #expect(try !isChosen([1, 256, 4, 4], 256))
    #expect(try !isChosen([1, 64, 14, 14], 64))
    #expect(try !isChosen([0, 64, 32, 32], 64))
    #expect(try !isChosen([32, 64, 32, 32], 64, stride: 2))
    #expect(try !isChosen([32, 64, 32, 32], 64, groups: 2))
    #expect(try !isChosen([32, 64, 32, 32], 64, kernel: 5))
  }

  /// In a process of its own, since the number of threads is the whole process's.
  @Test func resultsDoNotDependOnTheNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      let (image, weight) = (
        Tensor.normal([9, 40, 18, 22], seed: 1), Tensor.normal([72, 40, 3, 3], seed: 2)
      )
      let bias = Tensor.normal([72], seed: 3)
      func run(_ threads: Int) throws -> [Tensor?] {
        Threads.count = threads
        let tape = Tape()
        let inputs = [image, weight, bias].map(tape.watch)
        let output = try convolution(
          inputs[0], weight: inputs[1], bias: inputs[2], padding: .same, activation: .tanh)
        return try [output.detached] + tape.gradients(of: meanSquaredError(output, .zeros(output.shape)))
      }
      for backend in BLAS.available {
        try BLAS.$backend.withValue(backend) {
          let one = try run(1)
          for threads in [2, 3, 5] { try #require(run(threads) == one, "\(threads) threads") }
        }
      }
    }
  }
}
