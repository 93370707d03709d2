/// A height and a width: of a kernel, of its steps, of an image.
///
///     kernel: 3                                   3 × 3
///     kernel: Extent(height: 1, width: 5)
///
/// Along one axis, as for sequences, only the width counts.
public struct Extent: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The number along the axis before the last.
  public var height: Int

  /// The number along the last axis.
  public var width: Int

  /// Different numbers along the two axes.
  public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

  /// The same number along both axes.
  public init(_ both: Int) { self.init(height: both, width: both) }

  public init(integerLiteral both: Int) { self.init(both) }

  public var description: String { height == width ? "\(width)" : "\(height) × \(width)" }
}
