import Tensors

/// An image within its margins: what ``pad(_:by:value:)`` has checked.
package struct ImageFrame: Sendable, Hashable {
  /// The shape without the margins.
  package let inputShape: Shape
  /// The shape with the margins.
  package let outputShape: Shape

  let width: Int
  private let lines: Int
  private let height: Int
  private let margins: Margins

  /// The frame of an input by margins; of three axes the last alone has them.
  ///
  /// - Throws: ``ShapeError``, as ``pad(_:by:value:)`` does.
  package init(_ site: String, _ input: Shape, _ margins: Margins) throws(ShapeError) {
    guard input.rank > 2 else {
      throw ShapeError(
        site, expected: "[batch, channels, height, width] or [batch, channels, length]", got: input)
    }
    var margins = margins
    if input.rank == 3 { (margins.top, margins.bottom) = (0, 0) }
    let widths = [margins.top, margins.bottom, margins.left, margins.right]
    guard widths.allSatisfy({ $0 >= 0 && $0 <= WindowAxis.limit }) else {
      throw ShapeError(site, expected: "margins from 0 to \(WindowAxis.limit)", got: "\(margins)")
    }
    // Added with care, since a size may be as large as an Int where another is 0.
    var sizes = input.array
    for (axis, margin) in [
      (input.rank - 2, margins.top + margins.bottom), (input.rank - 1, margins.left + margins.right),
    ] {
      let (sum, overflow) = sizes[axis].addingReportingOverflow(margin)
      sizes[axis] = overflow ? -1 : sum
    }
    guard let output = Shape(exactly: sizes), output.count <= WindowAxis.limit else {
      throw ShapeError(
        site, expected: "an output of at most \(WindowAxis.limit) elements",
        got: "\(input) with margins \(margins)")
    }
    (inputShape, outputShape, self.margins) = (input, output, margins)
    (height, width) = (input[-2], input[-1])
    lines = input.count == 0 ? 0 : input.count / input[-1]
  }

  /// Calls `body` for each row of the image with the number of its first element without and with the margins.
  func forEachLine(_ body: (_ inner: Int, _ outer: Int) -> Void) {
    let (outerHeight, outerWidth) = (outputShape[-2], outputShape[-1])
    for line in 0..<lines {
      let (plane, row) = line.quotientAndRemainder(dividingBy: height)
      let outerLine = plane * outerHeight + margins.top + row
      body(line * width, outerLine * outerWidth + margins.left)
    }
  }
}
