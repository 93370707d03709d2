import SwiftBLAS
import Tensors

/// The gradient of a convolution's weights over its frame: for each weight and output, the sum over all windows of the pixel
/// under the weight times the response's error term.
///
/// The windows are the depth of a product, with the weights for its rows and the outputs for its columns: weights that lie in
/// a line of the kernel, and so over neighbouring pixels, share an address. Where there are too few outputs for that, or the
/// kernel has no lines, each gradient is a dot product along the windows. Pixels under no window have no part in it,
/// whatever they hold: they are not in the frame.
struct FramedWeightGradient {
  private let frame: ConvolutionFrame
  private let offsets: [Int]
  private let phases: [ImagePhase]
  private let lines: FilterLines?

  init(_ frame: ConvolutionFrame) {
    self.frame = frame
    offsets = frame.imageOffsets
    phases = ImagePhase.all(of: frame)
    lines = 2 * frame.geometry.groupOutputs >= packedColumnStep ? FilterLines(offsets) : nil
  }

  /// Adds the gradients of a group's weights by some examples to `gradient`.
  func add(
    image: UnsafePointer<Float>, response: UnsafePointer<Float>, examples: Range<Int>, group: Int,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let geometry = frame.geometry
    func imageOf(_ example: Int) -> UnsafePointer<Float> {
      image + (example * geometry.inputs + group * geometry.groupInputs) * geometry.imagePlane
    }
    func responseOf(_ example: Int) -> UnsafePointer<Float> {
      response + (example * geometry.outputs + group * geometry.groupOutputs) * geometry.windows
    }
    if let lines {
      addProducts(over: lines, imageOf, responseOf, examples, to: gradient)
    } else {
      addDots(imageOf, responseOf, examples, to: gradient)
    }
  }

  private func addProducts(
    over lines: FilterLines, _ image: (Int) -> UnsafePointer<Float>,
    _ response: (Int) -> UnsafePointer<Float>,
    _ examples: Range<Int>, to gradient: UnsafeMutablePointer<Float>
  ) {
    let (outputs, filter, run) = (frame.geometry.groupOutputs, frame.geometry.filter, frame.run)
    let columns = (outputs + packedColumnStep - 1) / packedColumnStep * packedColumnStep
    let (packedCount, sumCount) = (columns * run, filter * columns)
    withScratch(packedCount + sumCount + frame.imageElements) { scratch in
      let (sums, placed) = (scratch + packedCount, scratch + (packedCount + sumCount))
      // Zeros in all margins as well, which nothing is written to afterwards.
      scratch.update(repeating: 0, count: packedCount + sumCount + frame.imageElements)
      for example in examples {
        frame.placeImage(image(example), phases, into: placed)
        frame.packResponse(response(example), into: scratch)
        addProduct(
          a: placed, offsets: lines.offsets, neighbours: lines.length, m: filter, n: outputs, k: run,
          packedB: scratch, c: sums, ldc: columns)
      }
      // A cache line of outputs at a time, whose gradients then stay in the cache too.
      for first in stride(from: 0, to: outputs, by: 16) {
        for (row, weight) in lines.order.enumerated() {
          for output in first..<min(first + 16, outputs) {
            gradient[output &* filter &+ weight] += sums[row &* columns &+ output]
          }
        }
      }
    }
  }

  private func addDots(
    _ image: (Int) -> UnsafePointer<Float>, _ response: (Int) -> UnsafePointer<Float>, _ examples: Range<Int>,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let geometry = frame.geometry
    // So many at a time that a few of the image's runs stay in the first-level cache, and the frames in 4 MiB.
    let elements = frame.imageElements + frame.responseElements
    let together = max(1, min(examples.count, 1024 / frame.run, (1 << 20) / elements))
    withScratch(together * elements) { scratch in
      let responses = scratch + together * frame.imageElements
      scratch.update(repeating: 0, count: together * elements)
      for start in stride(from: examples.lowerBound, to: examples.upperBound, by: together) {
        let count = min(together, examples.upperBound - start)
        for index in 0..<count {
          frame.placeImage(image(start + index), phases, into: scratch + index * frame.imageElements)
          frame.placeResponse(response(start + index), into: responses + index * frame.responseElements)
        }
        SwiftBLAS.addDots(
          m: geometry.groupOutputs, n: geometry.filter, k: frame.run, repeats: count,
          a: responses + frame.firstWindow, lda: frame.responsePlane, aRepeat: frame.responseElements,
          b: scratch, bRepeat: frame.imageElements, offsets: offsets, c: gradient, ldc: geometry.filter)
      }
    }
  }
}

/// The weights of a filter in the order in which the pixels under them lie, where these are lines of equal length.
private struct FilterLines {
  /// The weights, each by its place in the filter.
  let order: [Int]

  /// Where the run of each one's pixels begins.
  let offsets: [Int]

  /// The weights of a line.
  let length: Int

  init?(_ offsets: [Int]) {
    let order = offsets.indices.sorted { offsets[$0] < offsets[$1] }
    let sorted = order.map { offsets[$0] }
    func areLines(of length: Int) -> Bool {
      sorted.count % length == 0
        && sorted.indices.allSatisfy { sorted[$0] == sorted[$0 - $0 % length] + $0 % length }
    }
    guard let length = neighbouringRows.first(where: areLines) else { return nil }
    (self.order, self.offsets, self.length) = (order, sorted, length)
  }
}
