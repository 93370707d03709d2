import Tensors

/// The sizes of a pooling, checked once: those of a convolution of each channel by itself.
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | input | `[batch, channels, height.size, width.size]` | `[batch, channels, width.size]` |
/// | output | `[batch, channels, height.count, width.count]` | `[batch, channels, width.count]` |
package struct PoolingGeometry: Sendable, Hashable {
  /// Batch · channels: the planes that are pooled each by itself.
  package let planes: Int
  /// The windows along the axis before the last.
  package let height: WindowAxis
  /// The windows along the last axis.
  package let width: WindowAxis
  /// The shape of the input.
  package let inputShape: Shape
  /// The shape of the output.
  package let outputShape: Shape

  /// The geometry of a pooling; without a stride, windows lie side by side.
  ///
  /// - Throws: ``ShapeError`` if the kernel does not fit the input with its padding, a window lies wholly in the padding, or a
  ///   setting is out of its range.
  package init(
    _ site: String, input: Shape, kernel: Extent, stride: Extent?, padding: Padding, dilation: Extent = 1
  ) throws(ShapeError) {
    let channels = input.rank > 1 ? max(1, input[1]) : 1
    let geometry = try ConvolutionGeometry(
      site, image: input, outputs: channels, kernel: kernel, stride: stride ?? kernel, padding: padding,
      dilation: dilation, groups: channels)
    guard geometry.height.everyWindowTouchesTheImage, geometry.width.everyWindowTouchesTheImage else {
      throw ShapeError(
        site, expected: "windows that do not lie wholly in the padding",
        got: "\(input) with a kernel \(kernel), dilation \(dilation) and padding \(padding)")
    }
    planes = geometry.batch * geometry.inputs
    (height, width) = (geometry.height, geometry.width)
    (inputShape, outputShape) = (geometry.imageShape, geometry.responseShape)
  }

  /// Elements of a plane of the input.
  var inputPlane: Int { height.size * width.size }

  /// Elements of a plane of the output.
  var outputPlane: Int { height.count * width.count }

  /// Calls `body` for each plane, several at the same time, with the number of the first elements of its input and output.
  func forEachPlane(_ body: (_ input: Int, _ output: Int) -> Void) {
    let window = Double(height.kernel) * Double(width.kernel)
    share(planes, workOfEach: Double(outputPlane) * window) { range in
      for plane in range { body(plane * inputPlane, plane * outputPlane) }
    }
  }

  /// Calls `body` for each element of the kernel that lies in the image for windows of a row: those windows, and the element
  /// of the plane that lies under the first of them.
  @inline(__always)
  func forEachRun(inRow row: Int, _ body: (_ windows: Range<Int>, _ element: Int) -> Void) {
    for i in 0..<height.kernel {
      let line = row * height.stride + height.offset(i)
      guard line >= 0, line < height.size else { continue }
      for j in 0..<width.kernel {
        let windows = width.windows(j)
        guard !windows.isEmpty else { continue }
        body(windows, line * width.size + windows.lowerBound * width.stride + width.offset(j))
      }
    }
  }
}
