/// Rows and columns around an image.
public struct Margins: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Rows above the first.
  public var top: Int
  /// Rows below the last.
  public var bottom: Int
  /// Columns before the first.
  public var left: Int
  /// Columns after the last.
  public var right: Int

  /// Margins of four widths.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
  }

  /// As many rows above as below, as many columns before as after.
  public init(height: Int, width: Int) { self.init(top: height, bottom: height, left: width, right: width) }

  /// Margins along one axis, as for sequences.
  public init(before: Int, after: Int) { self.init(top: 0, bottom: 0, left: before, right: after) }

  /// The same width on all sides.
  public init(_ all: Int) { self.init(height: all, width: all) }

  public init(integerLiteral all: Int) { self.init(all) }

  public var description: String {
    if top == bottom, left == right { return "\(Extent(height: top, width: left))" }
    return "(top: \(top), bottom: \(bottom), left: \(left), right: \(right))"
  }
}

/// How an image is extended before a kernel moves over it; for a convolution by zeros.
public enum Padding: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Not at all: the kernel stays within the image.
  case valid

  /// So that the output has ⌈size / stride⌉ elements along each axis: the image's own size at stride 1. An odd element
  /// goes after the image, as PyTorch and ONNX (`SAME_UPPER`) have it.
  case same

  /// By given margins.
  case margins(Margins)

  public init(integerLiteral all: Int) { self = .margins(Margins(all)) }

  public var description: String {
    switch self {
    case .valid: "valid"
    case .same: "same"
    case .margins(let margins): "\(margins)"
    }
  }

  /// Elements before and after the image's columns; `nil` if they follow from its size.
  var ofWidth: (before: Int, after: Int)? {
    switch self {
    case .valid: (0, 0)
    case .same: nil
    case .margins(let margins): (margins.left, margins.right)
    }
  }

  /// Elements before and after the image's rows; `nil` if they follow from its size.
  var ofHeight: (before: Int, after: Int)? {
    switch self {
    case .valid: (0, 0)
    case .same: nil
    case .margins(let margins): (margins.top, margins.bottom)
    }
  }
}
