import SwiftBLAS
import Tensors

/// A convolution of small images by the example, and its adjoint: a vector of examples at a time, whose values of each pixel lie
/// side by side.
///
/// A sum then has one term for each pixel under a window and no other, whatever the stride: nothing is spent on padding, nor on
/// lines that do not fill a vector, as in a ``ConvolutionFrame``. For that the images are turned on their way in and out.
package struct InterleavedConvolution {
  let geometry: ConvolutionGeometry

  package init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// The response to an image; see ``ConvolutionGeometry/convolve(_:_:into:_:)``.
  package func convolve(
    _ image: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into response: UnsafeMutablePointer<Float>,
    _ finish: Finish
  ) {
    let (outputs, filter) = (geometry.groupOutputs, geometry.filter)
    withScratch(geometry.weightShape.count) { packed in
      for group in 0..<geometry.groups {
        let first = group * outputs * filter
        packRows(m: outputs, k: filter, a: weight + first, lda: filter, to: packed + first)
      }
      InterleavedProduct.ofWindows(geometry).run(image, packed, into: response, finish)
    }
  }

  /// The adjoint of ``convolve``.
  package func convolveTransposed(
    _ response: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>,
    _ finish: Finish
  ) {
    let (inputs, outputs, filter) = (geometry.groupInputs, geometry.groupOutputs, geometry.filter)
    let kernel = filter / inputs
    let offsets = (0..<outputs).flatMap { output in (0..<kernel).map { output * filter + $0 } }
    withScratch(geometry.weightShape.count) { packed in
      for group in 0..<geometry.groups {
        let first = group * outputs * filter
        packRows(m: inputs, a: weight + first, lda: kernel, offsets: offsets, to: packed + first)
      }
      InterleavedProduct.ofPixels(geometry).run(response, packed, into: image, finish)
    }
  }
}

extension InterleavedConvolution {
  /// Whether it saves time: a tenth by estimate, so that it is not slower where the estimate is off. The last block of examples
  /// has to be full enough, and what is read of a block has to stay in the second-level cache. A small kernel keeps the lists of
  /// terms, one for each way that it overlaps the image's edges, shorter than the images.
  ///
  /// Times are counted in multiply-adds of a product, for one channel of an example. Measured, to finish an element and turn it
  /// takes as long as 48 of them; to write one to its line 16, and 512 more for each line.
  ///
  /// - Parameters:
  ///   - frame: A frame of the same convolution; without one, it would be a product with a matrix of columns.
  ///   - isTransposed: Whether it is the adjoint.
  func isWorthwhile(insteadOf frame: ConvolutionFrame?, isTransposed: Bool) -> Bool {
    let (height, width, lanes) = (geometry.height, geometry.width, Double(scatteredColumnStep))
    let filled = (Double(geometry.batch) / lanes).rounded(.up) * lanes
    var (depth, rows) = (Double(geometry.groupInputs), Double(geometry.groupOutputs))
    var (source, target) = (Double(geometry.imagePlane), Double(geometry.windows))
    if isTransposed { (depth, rows, source, target) = (rows, depth, target, source) }
    guard filled < 1.5 * Double(geometry.batch), height.kernel * width.kernel <= 64,
      depth * source * lanes <= 0x1p18, target <= 1024
    else {
      return false
    }

    let terms =
      frame.map { Double(isTransposed ? $0.transposedTerms : $0.terms) }
      ?? Double(geometry.windows * height.kernel * width.kernel)
    let lines = Double(isTransposed ? height.size * width.phases : height.count)
    // Fewer rows than a tile has share what is loaded for them.
    let work = depth * (1 + 2 / rows)
    let time =
      (work * Double(height.tapCount * width.tapCount) + 48 * target) * filled / Double(geometry.batch)
    return 1.1 * time < work * terms + 16 * target + 512 * lines
  }
}
