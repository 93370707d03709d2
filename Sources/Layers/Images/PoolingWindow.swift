import Operations
import Tensors

/// What the layers of pooling are made of: a window, and how it moves.
struct PoolingWindow: Sendable, Codable, CustomStringConvertible {
  /// The layer's name in errors.
  let layer: String
  /// 1 for sequences, 2 for images.
  let axes: Int
  let kernel: Extent
  let stride: Extent?
  let padding: Padding
  let dilation: Extent

  /// This window, if it is of the same layer as another: a file may say anything.
  ///
  /// - Throws: `DecodingError` if it is not.
  func ofSameLayer(as own: PoolingWindow) throws -> PoolingWindow {
    guard (layer, axes) == (own.layer, own.axes) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "a window of a \(layer) in a \(own.layer)"))
    }
    return self
  }

  /// Calls `pool`, and names the layer in its errors.
  func callAsFunction(_ input: Tensor, _ pool: (PoolingWindow) throws -> Tensor) throws -> Tensor {
    guard input.shape.rank == axes + 2 else {
      throw ShapeError(self, expected: "[batch, \(axesText)]", got: input.shape)
    }
    return try reportingErrors(as: self) { try pool(self) }
  }

  func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == axes + 1 else {
      throw ShapeError(self, expected: "[\(axesText)] for an example", got: input)
    }
    return try reportingErrors(as: self) {
      try PoolingGeometry(
        layer, input: input.prepending(1), kernel: kernel, stride: stride, padding: padding,
        dilation: dilation
      ).outputShape.droppingFirst
    }
  }

  private var axesText: String { "channels, " + (axes == 2 ? "height, width" : "length") }

  var description: String { describing("") }

  /// The call that makes the layer, with a last setting unless it is empty.
  func describing(_ setting: String) -> String {
    var parts = ["kernel: \(kernel.text(axes))"]
    if let stride { parts.append("stride: \(stride.text(axes))") }
    if padding != .valid { parts.append("padding: \(padding.text(axes))") }
    if dilation != 1 { parts.append("dilation: \(dilation.text(axes))") }
    if !setting.isEmpty { parts.append(setting) }
    return "\(layer)(\(parts.joined(separator: ", ")))"
  }
}
