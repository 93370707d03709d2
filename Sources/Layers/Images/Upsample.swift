import Operations
import Tensors

/// An image or a sequence made larger, or given any other size.
///
/// | value | two axes | one axis |
/// |---|---|---|
/// | `input` | `[batch, channels, height, width]` | `[batch, channels, length]` |
/// | output | `[batch, channels, height′, width′]` | `[batch, channels, length′]` |
///
/// See ``upsample(_:to:by:)``.
public struct Upsample: Layer, Codable {
  private enum Target: Sendable, Hashable, Codable { case scale(Extent), size(Extent) }

  private let target: Target

  /// How elements between those of the input are found.
  public let interpolation: Interpolation

  /// A layer that makes its input `scale` times as large; along one axis, the width counts.
  public init(scale: Extent, interpolation: Interpolation = .nearest) {
    (target, self.interpolation) = (.scale(scale), interpolation)
  }

  /// A layer whose output has the given size; along one axis, the width counts.
  public init(size: Extent, interpolation: Interpolation = .nearest) {
    (target, self.interpolation) = (.size(size), interpolation)
  }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
    let size = try size(for: input.shape)
    return try reportingErrors(as: self) { try upsample(input, to: size, by: interpolation) }
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 2 || input.rank == 3 else {
      throw ShapeError(self, expected: "[channels, height, width] or [channels, length]", got: input)
    }
    let batch = input.prepending(1)
    let size = try size(for: batch)
    return try reportingErrors(as: self) {
      try ResizingGeometry("upsample", input: batch, to: size).outputShape.droppingFirst
    }
  }

  private func size(for batch: Shape) throws(ShapeError) -> Extent {
    guard batch.rank == 3 || batch.rank == 4 else {
      throw ShapeError(
        self, expected: "[batch, channels, height, width] or [batch, channels, length]", got: batch)
    }
    switch target {
    case .size(let size): return size
    case .scale(let scale):
      let width = batch[-1].multipliedReportingOverflow(by: scale.width)
      let height = (batch.rank == 4 ? batch[2] : 1).multipliedReportingOverflow(by: scale.height)
      guard !width.overflow, !height.overflow else {
        throw ShapeError(self, expected: "an output that fits into memory", got: batch)
      }
      return Extent(height: height.partialValue, width: width.partialValue)
    }
  }

  public var description: String {
    let target =
      switch target {
      case .scale(let scale): "scale: \(scale)"
      case .size(let size): "size: \(size)"
      }
    return "Upsample(\(target), \(interpolation))"
  }
}
