import Tensors

/// The sizes of an operation that gives each plane of an image another size, checked once.
package struct ResizingGeometry: Sendable, Hashable {
  /// Batch · channels: the planes that are resized each by itself.
  package let planes: Int
  /// Rows of the input; 1 for a sequence.
  package let height: Int
  /// Columns of the input.
  package let width: Int
  /// Rows of the output; 1 for a sequence.
  package let outputHeight: Int
  /// Columns of the output.
  package let outputWidth: Int
  /// The shape of the input.
  package let inputShape: Shape
  /// The shape of the output.
  package let outputShape: Shape

  /// The geometry of resizing `[batch, channels, height, width]` or `[batch, channels, length]`.
  ///
  /// - Throws: ``ShapeError`` if a size is less than 1, or the output would have more than 2³¹ − 1 elements.
  package init(_ site: String, input: Shape, to size: Extent) throws(ShapeError) {
    guard input.rank == 3 || input.rank == 4, input.array.dropFirst(2).allSatisfy(WindowAxis.sizes.contains)
    else {
      throw ShapeError(
        site, expected: "[batch, channels, height, width] or [batch, channels, length]", got: input)
    }
    let sizes = input.rank == 4 ? [size.height, size.width] : [size.width]
    guard sizes.allSatisfy(WindowAxis.sizes.contains), let plane = Shape(exactly: sizes),
      let output = Shape(exactly: [input[0], input[1]] + sizes),
      max(output.count, plane.count) <= WindowAxis.limit
    else {
      throw ShapeError(site, expected: "an output of 1 to \(WindowAxis.limit) elements", got: "size \(sizes)")
    }
    planes = input[0] * input[1]
    (height, width) = (input.rank == 4 ? input[2] : 1, input[-1])
    (outputHeight, outputWidth) = (input.rank == 4 ? size.height : 1, size.width)
    (inputShape, outputShape) = (input, output)
  }

  /// Elements of a plane of the input.
  var inputPlane: Int { height * width }

  /// Calls `body` for each plane, several at the same time, with the number of the first elements of its input and output.
  func forEachPlane(_ body: (_ input: Int, _ output: Int) -> Void) {
    let outputPlane = outputHeight * outputWidth
    share(planes, workOfEach: Double(max(inputPlane, outputPlane))) { range in
      for plane in range { body(plane * inputPlane, plane * outputPlane) }
    }
  }
}
