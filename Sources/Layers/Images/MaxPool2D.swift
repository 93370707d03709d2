import Operations
import Tensors

/// The greatest element under each window of an image, channel by channel.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, height, width]` |
/// | output | `[batch, channels, height′, width′]` |
///
/// with length′ = ⌊(length + padding − (kernel − 1) · dilation − 1) / stride⌋ + 1 for each axis.
///
/// See ``maxPool(_:kernel:stride:padding:dilation:)``.
/// Source: Scherer, Müller and Behnke, ICANN 2010.
///
/// - Throws: when called, ``ShapeError`` if `input` has another shape or is too small for the kernel.
public struct MaxPool2D: Layer, Codable {
  private let window: PoolingWindow

  /// A layer; it has nothing to learn.
  ///
  /// - Parameters:
  ///   - kernel: the size of a window.
  ///   - stride: the step from one window to the next; by default windows lie side by side.
  ///   - padding: what lies around the input and is never the greatest.
  ///   - dilation: the step from one element of a window to the next.
  public init(kernel: Extent, stride: Extent? = nil, padding: Padding = .valid, dilation: Extent = 1) {
    window = PoolingWindow(
      layer: "MaxPool2D", axes: 2, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    window = try values.decode(PoolingWindow.self, forKey: .window)
      .ofSameLayer(as: Self(kernel: 1).window)
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try window(input) {
      try maxPool(
        input, kernel: $0.kernel, stride: $0.stride, padding: $0.padding, dilation: $0.dilation)
    }
  }

  public func outputShape(for input: Shape) throws -> Shape { try window.outputShape(for: input) }

  public var description: String { window.description }
}
