import Tensors

/// A convolution of kernel 3 × 3, stride 1 and dilation 1 by Winograd's minimal filtering F(4 × 4, 3 × 3): a quarter of the
/// multiplications, and two transforms.
///
/// The image is cut into windows of 6 × 6, which overlap by two, and each is transformed; so is each filter, once. For each of
/// the 36 elements of a transformed window (a *frequency*), the sums over the channels are one product of matrices,
///
///     M[f] = U[f] · V[f]         [outputs, tiles] = [outputs, inputs] · [inputs, tiles]
///
/// and M is transformed to tiles of 4 × 4 of the response. The way back to the image is the same with the filters turned
/// round. Rounding errors are about twice those of direct sums. Groups are left to the other kernels. The transforms and the
/// sources: ``WinogradTransform``.
package struct WinogradConvolution {
  let geometry: ConvolutionGeometry

  /// `nil` where the convolution is of another kind.
  package init?(_ geometry: ConvolutionGeometry) {
    guard geometry.groups == 1,
      [geometry.height, geometry.width].allSatisfy({ $0.kernel == 3 && $0.stride == 1 && $0.dilation == 1 })
    else { return nil }
    self.geometry = geometry
  }

  /// Whether it saves time: a fifth by estimate, so that it is not slower where the estimate is off.
  ///
  /// Times are counted in multiply-adds of a product. Transforms of a tile in one channel take as long as 500 of them there
  /// and back (measured), and that of a filter ``WinogradFilters/work``: it pays from about 16 channels on, less where the last
  /// tiles are cut off, and not for a small image alone. A strip of tiles has to fit into 16 MiB.
  package var isWorthwhile: Bool {
    let (inputs, outputs) = (Double(geometry.inputs), Double(geometry.outputs))
    let tiles = Double(forward.count)
    let filter = Double(WinogradFilters.work)
    let time = (36 * tiles + filter) * inputs * outputs + 500 * tiles * (inputs + outputs)
    let strip = 36 * Double(forward.across) * (inputs + outputs)
    return time < 0.8 * Double(geometry.batch) * geometry.workOfGroup && strip <= 0x1p22
  }

  /// The tiles of the response, whose windows are in the image.
  var forward: WinogradTiles {
    func axis(_ axis: WindowAxis) -> WinogradAxis {
      WinogradAxis(size: axis.size, before: axis.before, count: axis.count)
    }
    return WinogradTiles(batch: geometry.batch, height: axis(geometry.height), width: axis(geometry.width))
  }

  /// The tiles of the image, whose windows are in the response.
  private var back: WinogradTiles {
    func axis(_ axis: WindowAxis) -> WinogradAxis {
      WinogradAxis(size: axis.count, before: 2 - axis.before, count: axis.size)
    }
    return WinogradTiles(batch: geometry.batch, height: axis(geometry.height), width: axis(geometry.width))
  }

  /// The response to an image; see ``ConvolutionGeometry/convolve(_:_:into:_:)``.
  package func convolve(
    _ image: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into response: UnsafeMutablePointer<Float>,
    _ finish: Finish = Finish()
  ) {
    let filters = WinogradFilters(
      weight: weight, rows: geometry.outputs, depth: geometry.inputs, rowStep: 9 * geometry.inputs,
      depthStep: 9, isTurned: false)
    WinogradProduct(tiles: forward, inputs: geometry.inputs, outputs: geometry.outputs)
      .run(image, filters, into: response, finish)
  }

  /// The adjoint of ``convolve``.
  package func convolveTransposed(
    _ response: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>,
    _ finish: Finish = Finish()
  ) {
    let filters = WinogradFilters(
      weight: weight, rows: geometry.inputs, depth: geometry.outputs, rowStep: 9,
      depthStep: 9 * geometry.inputs, isTurned: true)
    WinogradProduct(tiles: back, inputs: geometry.outputs, outputs: geometry.inputs)
      .run(response, filters, into: image, finish)
  }
}
