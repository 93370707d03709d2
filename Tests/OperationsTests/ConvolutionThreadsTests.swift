import Foundation
import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

/// Convolutions on several threads. In processes of their own, since the number of threads is the whole process's.
@Suite struct ConvolutionThreadsTests {
  /// Winograd's tiles and blocks of them, examples of a frame, pieces of one, single pixels, blocks of examples, and a matrix of
  /// columns.
  @Test func productsAreSharedAndKeepTheirBits() async {
    await #expect(processExitsWith: .success) {
      try BLAS.$backend.withValue(SwiftBackend()) {
        try requireSameBits(ConvolutionGeometry(image: [9, 32, 28, 28], outputs: 64, kernel: 3))
        try requireSameBits(ConvolutionGeometry(image: [40, 32, 28, 28], outputs: 64, kernel: 3))
        try requireSameBits(ConvolutionGeometry(image: [9, 32, 20, 20], outputs: 64, kernel: 5))
        try requireSameBits(
          ConvolutionGeometry(image: [1, 16, 128, 128], outputs: 32, kernel: 5, padding: .same),
          sharesGradient: false)
        try requireSameBits(ConvolutionGeometry(image: [9, 96, 32, 32], outputs: 96, kernel: 1))
        try requireSameBits(
          ConvolutionGeometry(image: [40, 32, 14, 14], outputs: 64, kernel: 4, stride: 2, padding: 1))
        try requireSameBits(
          ConvolutionGeometry(image: [9, 64, 4, 4], outputs: 64, kernel: 7, padding: .same))
      }
    }
  }

  @Test func resultsDoNotDependOnTheNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      let (image, weight) = (Tensor.normal([9, 8, 56, 56], seed: 1), Tensor.normal([64, 4, 3, 3], seed: 2))
      let bias = Tensor.normal([64], seed: 3)
      func run(_ threads: Int) throws -> [Tensor?] {
        Threads.count = threads
        let tape = Tape()
        let inputs = [image, weight, bias].map(tape.watch)
        let output = try convolution(
          inputs[0], weight: inputs[1], bias: inputs[2], padding: .same, groups: 2, activation: .tanh)
        let back = try transposedConvolution(
          maxPool(output, kernel: 2), weight: inputs[1], bias: nil, stride: 2, groups: 2)
        let mean = try averagePool(back, kernel: 3, padding: 1)
        return try [mean.detached] + tape.gradients(of: meanSquaredError(mean, .zeros(mean.shape)))
      }
      try BLAS.$backend.withValue(SwiftBackend()) {
        let one = try run(1)
        for threads in [2, 3, 5] { try #require(run(threads) == one, "\(threads) threads") }
      }
    }
  }
}

/// The three products on one thread and on several, of which a second one really works.
///
/// - Parameter sharesGradient: not where one example and one group leave nothing to share.
private func requireSameBits(_ geometry: ConvolutionGeometry, sharesGradient: Bool = true) throws {
  let image = Tensor.normal(geometry.imageShape, seed: 1)
  let weight = Tensor.normal(geometry.weightShape, seed: 2)
  let response = Tensor.normal(geometry.responseShape, seed: 3)
  func product(_ shape: Shape, _ a: Tensor, _ b: Tensor, _ body: @escaping Product) -> () -> [Float] {
    {
      Tensor(shape: shape) { target in
        guard let target = target.baseAddress else { return }
        a.withUnsafePointer { a in b.withUnsafePointer { body(a, $0, target) } }
      }.array
    }
  }
  let products = [
    product(geometry.responseShape, image, weight) { geometry.convolve($0, $1, into: $2) },
    product(geometry.imageShape, response, weight) { geometry.convolveTransposed($0, $1, into: $2) },
    product(geometry.weightShape, image, response) {
      geometry.weightGradient(image: $0, response: $1, into: $2, beta: 0)
    },
  ]
  for (number, product) in products.enumerated() {
    Threads.count = 1
    let one = product()
    for threads in [2, 3, 5] {
      Threads.count = threads
      try #require(product() == one, "product \(number) of \(geometry) on \(threads) threads")
    }
    Threads.count = 2
    guard number < 2 || sharesGradient else { continue }
    // A busy processor may give the second thread its turn when the first has done everything: again, for a minute.
    let end = ContinuousClock.now + .seconds(60)
    var isShared = false
    while !isShared, ContinuousClock.now < end { isShared = shareOfOtherThreads { _ = product() } > 0.1 }
    try #require(isShared, "product \(number) of \(geometry) never ran on a second thread")
  }
}

private typealias Product = (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void

/// The processor time of all other threads as a part of this one's while `body` runs.
private func shareOfOtherThreads(_ body: () -> Void) -> Double {
  func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let (all, own) = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_THREAD_CPUTIME_ID))
  body()
  let mine = seconds(CLOCK_THREAD_CPUTIME_ID) - own
  return (seconds(CLOCK_PROCESS_CPUTIME_ID) - all - mine) / mine
}
