import Tensors

extension Tensor {
  /// Images side by side in one picture, row by row, with a frame of one pixel around each.
  ///
  /// | value | shape |
  /// |---|---|
  /// | this tensor | `[count, channels, height, width]` |
  /// | output | `[channels, rows · (height + 1) + 1, columns · (width + 1) + 1]` |
  ///
  /// - Parameter frame: the value between images, and where the last row has none.
  /// - Throws: ``ShapeError`` if these are no images, or there are no columns.
  public func tiled(columns: Int, frame: Float = 0) throws -> Tensor {
    guard shape.rank == 4, columns > 0, columns <= 1 << 16 else {
      throw ShapeError("tiled", expected: "images [count, channels, height, width] in columns", got: shape)
    }
    let (count, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let rows = (count + columns - 1) / columns
    let (tall, wide) = (rows * (height + 1) + 1, columns * (width + 1) + 1)
    return withUnsafeElements { source in
      Tensor(shape: [channels, tall, wide]) { picture in
        picture.initialize(repeating: frame)
        for (index, value) in source.enumerated() {
          let (image, rest) = (index / (channels * height * width), index % (channels * height * width))
          let (channel, pixel) = (rest / (height * width), rest % (height * width))
          let row = image / columns * (height + 1) + 1 + pixel / width
          let column = image % columns * (width + 1) + 1 + pixel % width
          picture[(channel * tall + row) * wide + column] = value
        }
      }
    }
  }
}
