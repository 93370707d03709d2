import SwiftBLAS
import Tensors

/// The gradient of a convolution's weights by a product for each element of the kernel, over the windows that have it in the
/// image:
///
///     ∂Wᵀ[i, j] = Σ pixels · responseᵀ        [inputs, outputs] = [inputs, windows] · [windows, outputs]
///
/// The pixels are read where they lie in the image, each with those of all channels; only the response is packed.
package struct PerElementWeightGradient {
  let geometry: ConvolutionGeometry

  package init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// Windows of an example at a time, so many that the sums, which are read and written for each, are not most of the work, and
  /// so few that their responses stay in the first-level cache.
  private static let windowsAtOnce = 256

  /// Outputs, filled up to whole panels.
  private var columns: Int {
    (geometry.groupOutputs + packedColumnStep - 1) / packedColumnStep * packedColumnStep
  }

  private var kernel: Int { geometry.height.kernel * geometry.width.kernel }

  /// Whether there are enough channels to keep the units busy, and an example: without one, sizes may be anything.
  var isWorthwhile: Bool {
    geometry.batch > 0 && geometry.groupInputs >= 6 && 2 * geometry.groupOutputs >= packedColumnStep
  }

  /// See ``ConvolutionGeometry/weightGradient(image:response:into:beta:)``.
  package func run(
    image: UnsafePointer<Float>, response: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>,
    beta: Float
  ) {
    let (batch, groups, count) = (geometry.batch, geometry.groups, geometry.filter * columns)
    let parts = geometry.partsOfBatch
    withScratch(parts * groups * count) { sums in
      share(parts * groups, workOfEach: Double(batch) / Double(parts) * geometry.workOfGroup) { items in
        for item in items {
          let (part, group) = item.quotientAndRemainder(dividingBy: groups)
          let examples = part * batch / parts..<(part + 1) * batch / parts
          (sums + item * count).update(repeating: 0, count: count)
          geometry.forEachPiece(of: Self.windowsAtOnce) {
            add($0, image, response, examples, group, to: sums + item * count)
          }
        }
      }
      for part in 1..<parts {
        for index in 0..<groups * count { sums[index] += sums[part &* groups &* count &+ index] }
      }
      write(sums, to: gradient, beta: beta)
    }
  }

  /// Adds the products of a piece of each example to the sums of a group, a row of outputs for each element of the kernel and
  /// input.
  private func add(
    _ piece: WindowPiece, _ image: UnsafePointer<Float>, _ response: UnsafePointer<Float>,
    _ examples: Range<Int>, _ group: Int, to sums: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (geometry.groupInputs, geometry.groupOutputs)
    let together = max(1, min(examples.count, Self.windowsAtOnce / piece.count))
    let depth = together * piece.count
    let terms = terms(of: piece, examples: together)
    withScratch(depth * columns) { packed in
      for first in stride(from: examples.lowerBound, to: examples.upperBound, by: together) {
        let count = min(together, examples.upperBound - first)
        for example in 0..<count {
          let channels = (first + example) * geometry.outputs + group * outputs
          packColumns(
            transposed: true, k: piece.count, n: outputs,
            b: response + (channels * geometry.windows + piece.start), ldb: geometry.windows,
            to: packed + example * piece.count * packedColumnStep, depth: depth)
        }
        for (element, terms) in terms.enumerated() {
          terms.withUnsafeBufferPointer { terms in
            addProduct(
              a: image + (first * geometry.inputs + group * inputs) * geometry.imagePlane,
              rowStep: geometry.imagePlane, m: inputs, n: outputs,
              terms: UnsafeBufferPointer(rebasing: terms[..<(terms.count / together * count)]),
              packedB: packed, depth: depth, c: sums + element * inputs * columns, ldc: columns)
          }
        }
      }
    }
  }

  /// For each element of the kernel, the pixels under it and the windows that they lie under.
  private func terms(of piece: WindowPiece, examples: Int) -> [[ScatteredTerm]] {
    let (height, width) = (geometry.height, geometry.width)
    return (0..<kernel).map { element in
      let (i, j) = element.quotientAndRemainder(dividingBy: width.kernel)
      let (rows, columns) = (
        height.windows(i).clamped(to: piece.rows), width.windows(j).clamped(to: piece.columns)
      )
      var terms: [ScatteredTerm] = []
      terms.reserveCapacity(examples * rows.count * columns.count)
      for example in 0..<examples {
        for y in rows {
          let line =
            example * geometry.inputs * geometry.imagePlane
            + (y * height.stride + height.offset(i)) * width.size
          let window = example * piece.count + y * width.count - piece.start
          for x in columns {
            terms.append(
              ScatteredTerm(
                column: line + x * width.stride + width.offset(j), offset: (window + x) * packedColumnStep))
          }
        }
      }
      return terms
    }
  }

  /// Turns the sums to filters.
  private func write(_ sums: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, beta: Float) {
    let (inputs, kernel, columns) = (geometry.groupInputs, kernel, columns)
    for channel in 0..<geometry.outputs {
      let (group, output) = channel.quotientAndRemainder(dividingBy: geometry.groupOutputs)
      let sums = sums + (group * geometry.filter * columns + output)
      let filter = gradient + channel * geometry.filter
      for element in 0..<kernel {
        for input in 0..<inputs {
          let (sum, place) = (sums[(element &* inputs &+ input) &* columns], input &* kernel &+ element)
          filter[place] = beta == 0 ? sum : filter[place] + sum
        }
      }
    }
  }
}
