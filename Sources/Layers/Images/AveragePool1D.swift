import Operations
import Tensors

/// The mean of the elements under each window of a sequence, channel by channel.
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, channels, length]` |
/// | output | `[batch, channels, length′]` |
///
/// with length′ = ⌊(length + padding − kernel) / stride⌋ + 1.
///
/// See ``averagePool(_:kernel:stride:padding:countsPadding:)``.
/// Source: LeCun et al., Proceedings of the IEEE 86, 1998.
///
/// - Throws: when called, ``ShapeError`` if `input` has another shape or is too small for the kernel.
public struct AveragePool1D: Layer, Codable {
  private let window: PoolingWindow
  private let countsPadding: Bool

  /// A layer; it has nothing to learn.
  ///
  /// - Parameters:
  ///   - kernel: the size of a window.
  ///   - stride: the step from one window to the next; by default windows lie side by side.
  ///   - padding: zeros around the input.
  ///   - countsPadding: whether elements in the padding count as zeros of the mean.
  public init(kernel: Int, stride: Int? = nil, padding: Padding = .valid, countsPadding: Bool = true) {
    window = PoolingWindow(
      layer: "AveragePool1D", axes: 1, kernel: Extent(length: kernel),
      stride: stride.map(Extent.init(length:)), padding: padding, dilation: 1)
    self.countsPadding = countsPadding
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    window = try values.decode(PoolingWindow.self, forKey: .window)
      .ofSameLayer(as: Self(kernel: 1).window)
    countsPadding = try values.decode(Bool.self, forKey: .countsPadding)
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    try window(input) {
      try averagePool(
        input, kernel: $0.kernel, stride: $0.stride, padding: $0.padding, countsPadding: countsPadding)
    }
  }

  public func outputShape(for input: Shape) throws -> Shape { try window.outputShape(for: input) }

  public var description: String { window.describing(countsPadding ? "" : "countsPadding: false") }
}
