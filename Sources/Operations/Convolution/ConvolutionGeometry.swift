import Tensors

/// The sizes of a convolution, checked once: what its kernels are written in.
///
/// The *image* is what a convolution reads and a transposed convolution writes; the *response* is what a convolution
/// writes and a transposed convolution reads. Both share one geometry, and one layout of weights.
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | image | `[batch, inputs, height.size, width.size]` | `[batch, inputs, width.size]` |
/// | weight | `[outputs, inputs / groups, height.kernel, width.kernel]` | `[outputs, inputs / groups, width.kernel]` |
/// | response | `[batch, outputs, height.count, width.count]` | `[batch, outputs, width.count]` |
///
/// A convolution along one axis is one of height 1.
public struct ConvolutionGeometry: Sendable, Hashable {
  /// Examples.
  public let batch: Int
  /// Channels of the image.
  public let inputs: Int
  /// Channels of the response.
  public let outputs: Int
  /// Parts that the channels are cut into, each with filters of its own.
  public let groups: Int
  /// The windows along the axis before the last.
  public let height: WindowAxis
  /// The windows along the last axis.
  public let width: WindowAxis
  /// The shape of the image.
  public let imageShape: Shape
  /// The shape of the weights.
  public let weightShape: Shape
  /// The shape of the response.
  public let responseShape: Shape

  /// The geometry of a convolution of an image.
  ///
  /// - Parameter site: the operation or layer that errors name.
  /// - Throws: ``ShapeError`` if the kernel does not fit the image with its padding, the channels do not fit the
  ///   groups, a setting is out of its range, or a result would have more than 2³¹ − 1 elements.
  public init(
    _ site: String = "convolution", image: Shape, outputs: Int, kernel: Extent, stride: Extent = 1,
    padding: Padding = .valid, dilation: Extent = 1, groups: Int = 1
  ) throws(ShapeError) {
    try Self.checkRank(site, image)
    let width = try WindowAxis(
      site, image.rank == 4 ? "width" : "length", size: image[-1], kernel: kernel.width,
      stride: stride.width, dilation: dilation.width, padding: padding.ofWidth)
    var height = WindowAxis.single
    if image.rank == 4 {
      height = try WindowAxis(
        site, "height", size: image[2], kernel: kernel.height, stride: stride.height,
        dilation: dilation.height, padding: padding.ofHeight)
    }
    try self.init(
      site, axes: image.rank - 2, batch: image[0], inputs: image[1], outputs: outputs, groups: groups,
      height: height, width: width)
  }

  /// The geometry of the convolution that is the adjoint of a transposed convolution of `response`, giving an image of
  /// `inputs` channels.
  ///
  /// - Parameter outputPadding: elements after the image's last that no window reaches.
  /// - Throws: ``ShapeError``, as for a convolution.
  public init(
    _ site: String = "transposedConvolution", transposing response: Shape, inputs: Int, kernel: Extent,
    stride: Extent = 1, padding: Padding = .valid, outputPadding: Extent = 0, dilation: Extent = 1,
    groups: Int = 1
  ) throws(ShapeError) {
    try Self.checkRank(site, response)
    let width = try WindowAxis(
      site, response.rank == 4 ? "width" : "length", transposing: response[-1], kernel: kernel.width,
      stride: stride.width, dilation: dilation.width, padding: padding.ofWidth, extra: outputPadding.width)
    var height = WindowAxis.single
    if response.rank == 4 {
      height = try WindowAxis(
        site, "height", transposing: response[2], kernel: kernel.height, stride: stride.height,
        dilation: dilation.height, padding: padding.ofHeight, extra: outputPadding.height)
    }
    try self.init(
      site, axes: response.rank - 2, batch: response[0], inputs: inputs, outputs: response[1], groups: groups,
      height: height, width: width)
  }

  private static func checkRank(_ site: String, _ shape: Shape) throws(ShapeError) {
    guard shape.rank == 3 || shape.rank == 4 else {
      throw ShapeError(
        site, expected: "[batch, channels, height, width] or [batch, channels, length]", got: shape)
    }
  }

  private init(
    _ site: String, axes: Int, batch: Int, inputs: Int, outputs: Int, groups: Int, height: WindowAxis,
    width: WindowAxis
  ) throws(ShapeError) {
    guard groups > 0, inputs > 0, outputs > 0, inputs % groups == 0, outputs % groups == 0 else {
      throw ShapeError(
        site, expected: "channels divisible by the number of groups, and at least one of each",
        got: "\(inputs) → \(outputs) channels in groups: \(groups)")
    }
    func shape(_ channels: [Int], _ sizes: [Int]) throws(ShapeError) -> Shape {
      let sizes = channels + sizes.suffix(axes)
      guard let shape = Shape(exactly: sizes), shape.count <= WindowAxis.limit else {
        throw ShapeError(site, expected: "at most \(WindowAxis.limit) elements in a tensor", got: "\(sizes)")
      }
      return shape
    }
    imageShape = try shape([batch, inputs], [height.size, width.size])
    weightShape = try shape([outputs, inputs / groups], [height.kernel, width.kernel])
    responseShape = try shape([batch, outputs], [height.count, width.count])
    (self.batch, self.inputs, self.outputs, self.groups) = (batch, inputs, outputs, groups)
    (self.height, self.width) = (height, width)
  }
}

extension ConvolutionGeometry {
  /// Pixels of a channel of the image.
  var imagePlane: Int { height.size * width.size }

  /// Windows, each an element of a channel of the response.
  package var windows: Int { height.count * width.count }

  /// Channels of the image in a group.
  var groupInputs: Int { inputs / groups }

  /// Channels of the response in a group, each with a filter.
  var groupOutputs: Int { outputs / groups }

  /// Weights of a filter.
  package var filter: Int { groupInputs * height.kernel * width.kernel }

  /// Whether each window is one pixel, and each pixel one window, so that the image is its own matrix of columns.
  var isPointwise: Bool {
    [height, width].allSatisfy { $0.kernel == 1 && $0.stride == 1 && $0.before == 0 && $0.count == $0.size }
  }
}
